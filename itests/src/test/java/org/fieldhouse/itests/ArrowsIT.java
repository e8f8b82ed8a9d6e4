package org.fieldhouse.itests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, read from the bundles as shipped. What a bundle embeds of others' code is not looked at. */
class ArrowsIT {
    private static final List<Path> BUNDLES = new ArrayList<>();
    private static JavaClasses ours;

    @BeforeAll
    static void readTheShippedBundles() throws IOException {
        Path distribution = Path.of(System.getProperty("fieldhouse.distribution"));
        try (Stream<Path> files = Files.walk(distribution)) {
            files.filter(f -> f.getFileName().toString().matches("org\\.fieldhouse\\..*\\.jar"))
                    .forEach(BUNDLES::add);
        }
        List<JarFile> jars = new ArrayList<>();
        for (Path bundle : BUNDLES) {
            jars.add(new JarFile(bundle.toFile()));
        }
        ours = new ClassFileImporter().importJars(jars).that(resideInAPackage("org.fieldhouse.."));
    }

    @Test
    void thereIsSomethingToLookAt() {
        assertThat(BUNDLES).extracting(b -> b.getFileName().toString()).anyMatch(n -> n.contains(".api-"));
        assertThat(ours.size()).isGreaterThan(300);
        // Negative control: a rule that is broken on purpose has to fail.
        assertThatThrownBy(() -> noClasses()
                        .that(resideInAPackage("org.fieldhouse.runtime.."))
                        .should()
                        .dependOnClassesThat(resideInAPackage("org.fieldhouse.api.."))
                        .check(ours))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theVocabularyNeedsTheJdkOnly() {
        classes()
                .that(resideInAPackage("org.fieldhouse.api.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.fieldhouse.api..", "org.osgi.annotation..", "org.jspecify.."))
                .check(ours);
    }

    @Test
    void nobodyImportsTheRuntime() {
        noClasses()
                .that(resideInAPackage("org.fieldhouse..")
                        .and(DescribedPredicate.not(resideInAPackage("org.fieldhouse.runtime.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("org.fieldhouse.runtime.."))
                .check(ours);
    }

    @Test
    void aBindingKnowsTheVocabularyAndSerialPortsOnly() {
        DescribedPredicate<JavaClass> othersOfOurs = resideInAPackage("org.fieldhouse..")
                .and(DescribedPredicate.not(resideInAnyPackage(
                        "org.fieldhouse.api..", "org.fieldhouse.serial..", "org.fieldhouse.binding..")));
        noClasses()
                .that(resideInAPackage("org.fieldhouse.binding.."))
                .should()
                .dependOnClassesThat(othersOfOurs)
                .check(ours);
    }

    @Test
    void theRuleEngineIsAPureLibrary() {
        DescribedPredicate<JavaClass> threads = resideInAPackage("java.util.concurrent..")
                .and(DescribedPredicate.not(JavaClass.Predicates.type(TimeUnit.class)));
        noClasses()
                .that(resideInAnyPackage(
                        "org.fieldhouse.rules.syntax..",
                        "org.fieldhouse.rules.check..",
                        "org.fieldhouse.rules.editor..",
                        "org.fieldhouse.rules.program..",
                        "org.fieldhouse.rules.engine.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.osgi.service..", "org.osgi.framework..", "org.slf4j..", "java.nio.file..")
                        .or(threads))
                .check(ours);
    }

    @Test
    void theRuleEngineReadsNoClockAndThrowsNoDice() {
        noClasses()
                .that(resideInAPackage("org.fieldhouse.rules.engine.."))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(ours);
    }

    @Test
    void codecsArePure() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Codec")
                .and(resideInAPackage("org.fieldhouse.binding.."))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.slf4j..", "java.net..", "java.nio.file..", "java.util.concurrent.."))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(ours);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ours);
    }

    @Test
    void onlyTheVocabularyAndSerialPortsAreExported() throws IOException {
        List<String> exporting = new ArrayList<>();
        for (Path bundle : BUNDLES) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                if (jar.getManifest().getMainAttributes().getValue("Export-Package") != null) {
                    exporting.add(jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"));
                }
            }
        }
        assertThat(exporting).contains("org.fieldhouse.api").isSubsetOf("org.fieldhouse.api", "org.fieldhouse.serial");
    }

    @Test
    void theSymbolicNameIsTheRootPackage() throws IOException {
        for (Path bundle : BUNDLES) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                String name = jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                if (name == null) {
                    continue; // the launcher is no bundle
                }
                assertThat(jar.stream().filter(e -> e.getName().matches("org/fieldhouse/.*\\.class")))
                        .as(name)
                        .isNotEmpty()
                        .allMatch(e -> e.getName().startsWith(name.replace('.', '/') + '/'));
            }
        }
    }

    /** What Maven notes beside a jar names times and registries of the machine that built it. */
    @Test
    void theRepositoryHoldsJarsAlone() throws IOException {
        try (Stream<Path> files = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allMatch(file -> file.toString()
                    .endsWith(".jar"));
        }
    }

    /** The doors of the bus and of the commands are closed to who does not say that he needs them; so are they to our own. */
    @Test
    void whoPublishesOrCommandsSaysSo() throws IOException {
        assertThat(callersOf("org.fieldhouse.api.bus.EventBus", "publish")).isSubsetOf(declaring("publish"));
        assertThat(callersOf("org.fieldhouse.api.command.CommandRouter", "send"))
                .isSubsetOf(declaring("command"));
    }

    private static Set<String> callersOf(String type, String method) {
        Set<String> bundles = new TreeSet<>();
        for (JavaClass each : ours) {
            if (each.getMethodCallsFromSelf().stream()
                    .anyMatch(call -> call.getTargetOwner().getName().equals(type)
                            && call.getTarget().getName().equals(method))) {
                bundles.add(each.getSource()
                        .orElseThrow()
                        .getUri()
                        .toString()
                        .replaceFirst("(?s).*/([^/]*)-[0-9][^/]*\\.jar!.*", "$1"));
            }
        }
        assertThat(bundles).isNotEmpty();
        return bundles;
    }

    private static List<String> declaring(String permission) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path bundle : BUNDLES) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                String header = jar.getManifest().getMainAttributes().getValue("Fieldhouse-Permissions");
                if (header != null && List.of(header.split("\\s*[,;]\\s*")).contains(permission)) {
                    names.add(jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"));
                }
            }
        }
        return names;
    }
}
