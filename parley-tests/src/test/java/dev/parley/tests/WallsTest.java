package dev.parley.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The walls between the parts, as ARCHITECTURE.md draws them. They stand in a test because a module descriptor cannot be packaged while
/// Maven itself runs on JDK 17.
class WallsTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.parley");

    private static final String[] CORES = {
        "dev.parley.osi.wire..", "dev.parley.osi.machine..", "dev.parley.runtime.rfc1006..",
        "dev.parley.netbios.wire..", "dev.parley.netbios.machine..", "dev.parley.h323.wire..", "dev.parley.h323.machine..",
        "dev.parley.h323.rtp..", "dev.parley.h323.ras.."
    };

    /// What a pure core may use: values and collections, and the words of its own protocol.
    private static final DescribedPredicate<JavaClass> OUTSIDE_OF_A_CORE = DescribedPredicate.describe(
            "I/O, threads, clocks, randomness, logging or foreign code", WallsTest::isOutsideOfACore);

    private static final DescribedPredicate<JavaClass> SOCKETS = DescribedPredicate.describe(
            "sockets, TLS or Netty", WallsTest::isSocket);

    /// Addresses are values; only what opens a socket is kept in one place.
    private static final Set<String> ADDRESSES = Set.of(
            InetAddress.class.getName(), InetSocketAddress.class.getName(), SocketAddress.class.getName(), URI.class.getName(),
            URISyntaxException.class.getName(), NetworkInterface.class.getName(), "java.net.Inet4Address", "java.net.Inet6Address");

    /// One slice a package. `OsiConnection` counts as a slice of its own: it is the shell around wire and machine, and stands beside the
    /// requests and indications, which those two use, only so that a user finds all of the session service in one package.
    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!type.getPackageName().startsWith("dev.parley.")) {
                return SliceIdentifier.ignore();
            }
            return type.getName().matches("dev\\.parley\\.osi\\.OsiConnection(\\$.*)?")
                    ? SliceIdentifier.of("dev.parley.osi, connection")
                    : SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    @Test
    void everyPartIsSeen() {
        for (var part : Set.of("api", "runtime", "osi", "session", "transfer")) {
            if (!ALL.containPackage("dev.parley." + part)
                    && ALL.stream().noneMatch(c -> c.getPackageName().startsWith("dev.parley." + part + "."))) {
                throw new AssertionError("no class of dev.parley." + part + " was found: the other rules would prove nothing");
            }
        }
    }

    @Test
    void protocolCoresArePure() {
        check(noClasses().that().resideInAnyPackage(CORES).should().dependOnClassesThat(OUTSIDE_OF_A_CORE)
                .because("a protocol that is a function of its inputs can be tested in virtual time and replayed from a seed"));
    }

    @Test
    void protocolCoresReadNoClock() {
        check(noClasses().that().resideInAnyPackage(CORES)
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(java.time.Instant.class, "now")
                .orShould().callMethod(Math.class, "random")
                .because("time enters a core as a value, and timers leave it as effects"));
    }

    /// NetBIOS and H.323 open their own: their services have their own ports, and datagrams that the runtime does not have. Their cores are
    /// pure all the same.
    @Test
    void onlyTheTransportOpensSockets() {
        check(noClasses().that().resideOutsideOfPackages(
                        "dev.parley.runtime.tcp..", "dev.parley.runtime.udp..", "dev.parley.netbios..", "dev.parley.h323..",
                        "dev.parley.testkit..")
                .should().dependOnClassesThat(SOCKETS)
                .because("nothing else may be able to tell which network code is in use"));
    }

    @Test
    void onlyTheTransportKnowsNettyAndTls() {
        check(noClasses().that().resideOutsideOfPackages("dev.parley.runtime.tcp..", "dev.parley.testkit..")
                .should().dependOnClassesThat(DescribedPredicate.and(
                        JavaClass.Predicates.resideInAnyPackage("io.netty..", "javax.net.ssl.."),
                        DescribedPredicate.not(JavaClass.Predicates.assignableTo(Exception.class))))
                .because("the provider of TLS is chosen in one place"));
    }

    @Test
    void onlyTheStoreKnowsSql() {
        check(noClasses().that().resideOutsideOfPackage("dev.parley.session.store..")
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
                .because("a shared store for many nodes comes behind the same port"));
    }

    @Test
    void layersLookDownOnly() {
        check(layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true)
                .layer("api").definedBy("dev.parley.api..")
                .layer("runtime").definedBy("dev.parley.runtime..")
                .layer("osi").definedBy("dev.parley.osi..")
                .layer("netbios").definedBy("dev.parley.netbios..")
                .layer("h323").definedBy("dev.parley.h323..")
                .layer("session").definedBy("dev.parley.session..")
                .layer("transfer").definedBy("dev.parley.transfer..")
                .layer("server").definedBy("dev.parley.server..")
                .layer("trace").definedBy("dev.parley.trace..")
                .layer("cli").definedBy("dev.parley.cli..")
                .layer("testkit").definedBy("dev.parley.testkit..")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("testkit").mayNotBeAccessedByAnyLayer()
                .whereLayer("server").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("netbios").mayOnlyBeAccessedByLayers("server", "cli", "testkit")
                .whereLayer("h323").mayOnlyBeAccessedByLayers("server", "cli", "testkit", "trace")
                .whereLayer("transfer").mayOnlyBeAccessedByLayers("server", "cli", "testkit")
                .whereLayer("session").mayOnlyBeAccessedByLayers("transfer", "server", "cli", "testkit")
                .whereLayer("osi").mayOnlyBeAccessedByLayers("session", "transfer", "server", "cli", "testkit", "trace")
                .whereLayer("trace").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("runtime").mayNotBeAccessedByAnyLayer().ignoreDependency(
                        DescribedPredicate.describe("everyone but the api", c -> !c.getPackageName().startsWith("dev.parley.api")),
                        JavaClass.Predicates.resideInAPackage("dev.parley.runtime.."))
                .because("each part can be read, tested and used with only those below it"));
    }

    @Test
    void theTracerReadsWithTheCodecsOnly() {
        check(noClasses().that().resideInAPackage("dev.parley.trace..").should().dependOnClassesThat().resideInAnyPackage(
                        "dev.parley.osi.machine..", "dev.parley.osi.user..", "dev.parley.h323", "dev.parley.h323.machine..",
                        "dev.parley.h323.ras..", "dev.parley.h323.media..", "dev.parley.h323.gatekeeper..")
                .because("a capture is read, never answered"));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().assignedFrom(PACKAGES).should().beFreeOfCycles()
                .because("what depends on each other cannot be understood one at a time"));
    }

    @Test
    void nobodySleeps() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Thread.class, "sleep", java.time.Duration.class)
                .because("a wait has a cause and can be woken: use the loop's timers or a condition"));
    }

    @Test
    void onlyTheCommandLineSpeaksToTheTerminal() {
        check(noClasses().that().resideOutsideOfPackage("dev.parley.cli..")
                .should().accessField(System.class, "out").orShould().accessField(System.class, "err")
                .because("stdout carries data: whoever prints there unasked damages it"));
    }

    @Test
    void namesSayWhatAClassIs() {
        check(classes().should().haveSimpleNameNotEndingWith("Manager").andShould().haveSimpleNameNotEndingWith("Helper")
                .andShould().haveSimpleNameNotEndingWith("Util").andShould().haveSimpleNameNotEndingWith("Utils")
                .andShould().haveSimpleNameNotEndingWith("Impl")
                .because("these words say nothing about what a class does"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ALL);
    }

    private static boolean isOutsideOfACore(JavaClass type) {
        var name = type.getBaseComponentType().getName();
        if (type.getBaseComponentType().isPrimitive()) {
            return false;
        }
        if (name.startsWith("dev.parley.")) {
            return !name.matches("dev\\.parley\\.(api|osi|netbios|h323|runtime\\.rfc1006|runtime\\.(Link|Transport|Security)\\b).*");
        }
        if (name.startsWith("org.jspecify.")) {
            return false;
        }
        if (name.startsWith("javax.crypto.")) {
            // A message authentication code is a function of its inputs, as a digest is.
            return false;
        }
        return !name.startsWith("java.") || name.matches("java\\.(net|sql|util\\.(concurrent|logging)|nio\\.(channels|file))\\..*")
                || name.matches("java\\.io\\.(File|RandomAccess).*") || name.matches("java\\.lang\\.(Thread|VirtualThread|Process).*")
                || name.matches("java\\.time\\.Clock|java\\.util\\.(Timer|Random|random\\..*)|java\\.security\\.SecureRandom");
    }

    private static boolean isSocket(JavaClass type) {
        var name = type.getName();
        if (name.startsWith("io.netty.") || name.startsWith("javax.net.")) {
            return !type.isAssignableTo(Exception.class);
        }
        return name.startsWith("java.net.") && !ADDRESSES.contains(name) && !type.isAssignableTo(Exception.class)
                || name.matches("java\\.nio\\.channels\\..*(Socket|Datagram).*|java\\.nio\\.channels\\.Selector");
    }
}
