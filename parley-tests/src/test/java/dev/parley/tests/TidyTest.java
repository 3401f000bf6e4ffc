package dev.parley.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.tests.Sources.SourceFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The format check (docs/decisions/0003-formatting.md): what a reader would trip over. Each failure names the file and the line.
class TidyTest {
    private static final int MOST_LINES = 400;
    private static final int MOST_COLUMNS = 150;

    /// Longer files, each with its reason.
    private static final Map<String, String> LONG_FILES = Map.of(
            "parley-osi/src/main/java/dev/parley/osi/wire/Spdu.java",
            "the sealed family of all SPDUs: one short record after the other, and sealed families are read together");

    /// Wildcards that are being replaced.
    private static final String ALLOWED_WILDCARD = "import static dev.parley.osi.wire.Parameters.*;";

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    // Put together from halves, so that this file passes its own check.
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern FOREIGN = Pattern.compile(
            "(/wo" + "rk/|/tmp/w" + "t\\b|/ro" + "ot/|repo[0-9]?\\.mav" + "en\\.|artif" + "actory|nex" + "us\\.|mirr" + "or\\.)");
    private static final Pattern FIRST_CODE = Pattern.compile("^( *)\\S");

    @Test
    void javaFilesAreShort() {
        var wrong = new ArrayList<String>();
        for (var file : Sources.all()) {
            if (file.isJava() && file.lines().size() > MOST_LINES && !LONG_FILES.containsKey(file.path())) {
                wrong.add(file.path() + ": " + file.lines().size() + " lines");
            }
        }

        assertThat(wrong).as("files longer than %s lines", MOST_LINES).isEmpty();
    }

    @Test
    void linesFitTheScreen() {
        assertThat(lines(SourceFile::isJava, l -> l.length() > MOST_COLUMNS)).as("lines longer than %s", MOST_COLUMNS).isEmpty();
    }

    @Test
    void linesEndWithoutSpaces() {
        assertThat(lines(f -> true, l -> l.endsWith(" ") || l.endsWith("\t"))).as("lines that end with a space").isEmpty();
    }

    @Test
    void javaHasNoTabs() {
        assertThat(lines(SourceFile::isJava, l -> l.indexOf('\t') >= 0)).as("lines with a tab").isEmpty();
    }

    @Test
    void filesEndWithOneLineBreak() {
        var wrong = Sources.all().stream()
                .filter(f -> f.isJava() || f.path().endsWith(".md"))
                .filter(f -> !f.text().endsWith("\n") || f.text().endsWith("\n\n"))
                .map(SourceFile::path).toList();

        assertThat(wrong).as("files that do not end with exactly one line break").isEmpty();
    }

    /// Blocks are indented by four spaces, continued lines by eight; so every line of code begins at a multiple of four.
    @Test
    void javaIsIndentedByFours() {
        var wrong = new ArrayList<String>();
        for (var file : Sources.all()) {
            boolean inText = false;
            int number = 0;
            for (var line : file.isJava() ? file.lines() : List.<String>of()) {
                number++;
                var code = FIRST_CODE.matcher(line);
                if (!inText && code.find() && code.group(1).length() % 4 != 0 && !line.strip().startsWith("*")) {
                    wrong.add(file.path() + ":" + number);
                }
                inText ^= line.split("\"\"\"", -1).length % 2 == 0;
            }
        }

        assertThat(wrong).as("lines whose indentation is no multiple of four").isEmpty();
    }

    @Test
    void importsNameWhatTheyImport() {
        Predicate<String> wildcard = l -> l.startsWith("import ") && l.endsWith(".*;") && !l.equals(ALLOWED_WILDCARD);

        assertThat(lines(SourceFile::isJava, wildcard)).as("wildcard imports").isEmpty();
    }

    @Test
    void nothingIsLeftOver() {
        assertThat(lines(f -> !f.path().equals("LICENSE"), l -> LEFTOVER.matcher(l).find())).as("leftover markers").isEmpty();
    }

    @Test
    void nothingKnowsTheMachineItWasWrittenOn() {
        assertThat(lines(f -> true, l -> FOREIGN.matcher(l).find())).as("paths and hosts of one machine").isEmpty();
    }

    @Test
    void theLicenceIsThere() {
        assertThat(Sources.find("LICENSE")).hasValueSatisfying(f -> assertThat(f.text()).contains("Apache License", "Version 2.0"));
    }

    @Test
    void linksInDocumentsResolve() {
        var wrong = new ArrayList<String>();
        for (var file : Sources.all()) {
            if (!file.path().endsWith(".md")) {
                continue;
            }
            var folder = Sources.root().resolve(file.path()).getParent();
            LINK.matcher(file.text()).results().map(m -> m.group(1)).filter(l -> !l.startsWith("http") && !l.startsWith("#")).forEach(l -> {
                if (folder == null || !Files.exists(folder.resolve(l.replaceFirst("#.*", "")))) {
                    wrong.add(file.path() + ": " + l);
                }
            });
        }

        assertThat(wrong).as("links to files that do not exist").isEmpty();
    }

    @Test
    void everyResourceIsUsed() {
        var code = String.join("\n", Sources.all().stream().filter(SourceFile::isMainJava).map(SourceFile::text).toList());
        var wrong = Sources.all().stream()
                .filter(f -> f.path().contains("/src/main/resources/") && !f.path().contains("/META-INF/"))
                .map(f -> f.path().substring(f.path().lastIndexOf('/') + 1))
                .filter(name -> !name.startsWith("logback"))
                .filter(name -> !code.contains(name.replaceFirst("\\.(table|sql)$", "")))
                .toList();

        assertThat(wrong).as("resources that no code names").isEmpty();
    }

    private static List<String> lines(Predicate<SourceFile> files, Predicate<String> bad) {
        var found = new ArrayList<String>();
        for (var file : Sources.all()) {
            if (files.test(file)) {
                int number = 0;
                for (var line : file.lines()) {
                    number++;
                    if (bad.test(line)) {
                        found.add(file.path() + ":" + number + ": " + line.strip());
                    }
                }
            }
        }
        return found;
    }
}
