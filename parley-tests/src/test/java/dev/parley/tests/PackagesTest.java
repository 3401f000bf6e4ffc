package dev.parley.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every package says that nothing in it is null unless it says so, and what a newcomer should read first.
class PackagesTest {
    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIs() {
        var wrong = new TreeSet<String>();
        for (var file : Sources.all()) {
            if (!file.isMainJava() || file.path().endsWith("package-info.java")) {
                continue;
            }
            var folder = file.path().substring(0, file.path().lastIndexOf('/'));
            var info = Sources.find(folder + "/package-info.java");
            if (info.isEmpty() || !info.get().text().contains("@NullMarked") || !info.get().text().startsWith("/// ")) {
                wrong.add(folder);
            }
        }

        assertThat(wrong).as("packages without a package-info.java that has a comment and @NullMarked").isEmpty();
    }
}
