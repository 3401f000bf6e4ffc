package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.parley.api.SessionException;
import dev.parley.cli.h323.AnswerCommand;
import dev.parley.cli.h323.CallCommand;
import dev.parley.cli.h323.GatekeeperCommand;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.StopSignal;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The help of the commands of H.323 names each exit code that can come: those that their classes use, and those that a [SessionException] means
/// that is made where they reach.
class CallExitCodesTest {
    private static final Pattern NUMBER = Pattern.compile("(?<![.\\w])\\d+(?![.\\w])");
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("dev.parley.cli", "dev.parley.h323", "dev.parley.api");
    /// Of any command: what nobody expected, and what picocli finds.
    private static final Set<ExitCode> ALWAYS = EnumSet.of(ExitCode.OTHER, ExitCode.USAGE);

    private static String help(Class<?> command) {
        return Parley.commandLine(command.getAnnotation(picocli.CommandLine.Command.class).name()).getSubcommands().values().iterator().next()
                .getUsageMessage();
    }

    private static Set<Integer> named(Class<?> command) {
        var help = help(command);
        int from = help.indexOf("Exit codes:");
        assertThat(from).as(help).isPositive();
        var codes = new HashSet<Integer>();
        NUMBER.matcher(help.substring(from, help.indexOf("\n\n", from))).results().forEach(r -> codes.add(Integer.parseInt(r.group())));
        return codes;
    }

    /// All classes of the command line that a command uses, and the ones of H.323 that they use.
    private static Set<JavaClass> reached(Class<?> command) {
        var reached = new HashSet<JavaClass>();
        var next = new ArrayDeque<>(List.of(CLASSES.get(command)));
        while (!next.isEmpty()) {
            var one = next.remove();
            if (CLASSES.contain(one.getName()) && !one.getName().equals(ExitCode.class.getName()) && reached.add(one)) {
                one.getDirectDependenciesFromSelf().forEach(d -> next.add(d.getTargetClass().getBaseComponentType()));
            }
        }
        return reached;
    }

    private static Set<Integer> possible(Class<?> command) {
        var codes = EnumSet.copyOf(ALWAYS);
        var reached = reached(command);
        reached.stream().flatMap(c -> c.getFieldAccessesFromSelf().stream()).filter(a -> a.getTargetOwner().isEquivalentTo(ExitCode.class))
                .forEach(a -> codes.add(ExitCode.valueOf(a.getName())));
        reached.stream().filter(c -> c.getPackageName().startsWith("dev.parley.h323"))
                .flatMap(c -> c.getConstructorCallsFromSelf().stream()).map(c -> c.getTargetOwner())
                .filter(c -> c.isAssignableTo(SessionException.class)).forEach(c -> codes.add(code(c)));
        if (reached.stream().anyMatch(c -> c.isEquivalentTo(StopSignal.class))) {
            codes.addAll(List.of(ExitCode.INTERRUPTED, ExitCode.TERMINATED));
        }
        return numbers(codes);
    }

    private static Set<Integer> numbers(Collection<ExitCode> codes) {
        var numbers = new HashSet<Integer>();
        codes.forEach(c -> numbers.add(c.number()));
        return numbers;
    }

    private static ExitCode code(JavaClass exception) {
        return switch (exception.getSimpleName()) {
            case "ProtocolViolation" -> Failures.of(new SessionException.ProtocolViolation("")).code();
            case "Refused" -> Failures.of(new SessionException.Refused("")).code();
            case "ConnectionLost" -> Failures.of(new SessionException.ConnectionLost("")).code();
            case "LimitReached" -> Failures.of(new SessionException.LimitReached("")).code();
            case "TimedOut", "OutOfSequence", "Interrupted" -> ExitCode.OTHER;
            default -> throw new AssertionError("what is the exit code of " + exception.getName() + "?");
        };
    }

    @Test
    void theHelpOfACallNamesAllExitCodes() {
        assertThat(named(CallCommand.class)).isEqualTo(possible(CallCommand.class));
    }

    /// Whoever places no calls has no call too many.
    @Test
    void theHelpOfAnAnswerNamesAllExitCodes() {
        var possible = possible(AnswerCommand.class);
        possible.remove(ExitCode.LIMIT.number());

        assertThat(named(AnswerCommand.class)).isEqualTo(possible);
    }

    /// Its demands wait for room; only an endpoint has too many.
    @Test
    void theHelpOfAGatekeeperNamesAllExitCodes() {
        var possible = possible(GatekeeperCommand.class);
        possible.remove(ExitCode.LIMIT.number());

        assertThat(named(GatekeeperCommand.class)).isEqualTo(possible);
    }
}
