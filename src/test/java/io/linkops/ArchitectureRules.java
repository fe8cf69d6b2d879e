package io.linkops;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.modules.syntax.ModuleDependencyScope.consideringOnlyDependenciesInAnyPackage;
import static com.tngtech.archunit.library.modules.syntax.ModuleRuleDefinition.modules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.linkops.bus.Contract;
import io.linkops.bus.Failure;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.Set;

/** The rules of the house, for any root package, so that planted violations can be held against them too. */
final class ArchitectureRules {
    /** Public types of features that are neither contract nor verticle, each with its reason. */
    private static final Map<String, String> SHOWN = Map.of(
            "io.linkops.demo.EmbeddedFleet", "the demo's links, for tests as well",
            "io.linkops.demo.DemoRepository", "a repository to make, for tests as well",
            "io.linkops.demo.DemoWorld", "the root package makes and ends the demo's world",
            "io.linkops.inventory.EnrollmentVerdict", "what was seen means the same to every room that looks",
            "io.linkops.gitsync.RepositoryProbe", "doctor asks the repository's server with it",
            "io.linkops.gitsync.LinksYaml", "import writes links.yaml with it");

    private static final Set<String> FEATURES = Set.of(
            "accounts", "api", "gitsync", "health", "inventory", "orchestrator", "notifications", "terminal", "demo");

    private ArchitectureRules() {}

    static Map<String, ArchRule> of(String root) {
        return Map.ofEntries(
                Map.entry("modules use only what they declare", declared(root)),
                Map.entry(
                        "modules have no cycles",
                        modules()
                                .definedByAnnotation(LinkOpsModule.class)
                                .should()
                                .beFreeOfCycles()),
                Map.entry("only api speaks HTTP", only(root, "io.vertx.ext.web..", "api")),
                Map.entry("only ssh knows sshj", only(root, "net.schmizz..", "ssh")),
                Map.entry("only gitsync and demo know JGit", only(root, "org.eclipse.jgit..", "gitsync", "demo")),
                Map.entry("only demo is an SSH server", only(root, "org.apache.sshd.server..", "demo")),
                Map.entry("only store knows SQL drivers", storeOnly(root)),
                Map.entry("only bus knows the event bus", busOnly(root)),
                Map.entry("features show their contract and verticles only", shown(root)),
                Map.entry("nobody prints but root and demo", silent(root)),
                Map.entry(
                        "names say what a thing is",
                        noClasses()
                                .should()
                                .haveNameMatching(".*(Manager|Helper|Util|Utils|Service|Impl|Dto|DTO)(\\$.*)?")));
    }

    private static ArchRule declared(String root) {
        return modules()
                .definedByAnnotation(LinkOpsModule.class)
                .should()
                .respectTheirAllowedDependenciesDeclaredIn("uses", consideringOnlyDependenciesInAnyPackage(root + ".."))
                .ignoreDependency(alwaysTrue(), equivalentTo(LinkOpsModule.class));
    }

    private static String[] rooms(String root, String... rooms) {
        return java.util.Arrays.stream(rooms)
                .map(room -> root + "." + room + "..")
                .toArray(String[]::new);
    }

    private static ArchRule only(String root, String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms(root, rooms))
                .and()
                .resideOutsideOfPackage(root)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .allowEmptyShould(true);
    }

    private static ArchRule storeOnly(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms(root, "store"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "io.vertx.jdbcclient..", "org.sqlite..");
    }

    private static ArchRule busOnly(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms(root, "bus"))
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("are the event bus's") {
                    @Override
                    public boolean test(JavaClass type) {
                        // A Failure is a ReplyException: whoever handles one sees that too.
                        return type.getPackageName().startsWith("io.vertx.core.eventbus")
                                && !type.getSimpleName().equals("ReplyException")
                                && !type.isEquivalentTo(Failure.class);
                    }
                });
    }

    private static ArchRule shown(String root) {
        return classes()
                .that()
                .resideInAnyPackage(rooms(root, FEATURES.toArray(String[]::new)))
                .and()
                .areTopLevelClasses()
                .and()
                .arePublic()
                .should()
                .beAnnotatedWith(Contract.class)
                .orShould()
                .beAssignableTo(VerticleBase.class)
                .orShould(com.tngtech.archunit.lang.conditions.ArchConditions.be(
                        new DescribedPredicate<JavaClass>("listed with a reason") {
                            @Override
                            public boolean test(JavaClass type) {
                                return type.getSimpleName().equals("package-info") || SHOWN.containsKey(type.getName());
                            }
                        }));
    }

    private static ArchRule silent(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms(root, "demo"))
                .and()
                .resideOutsideOfPackage(root)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err");
    }
}
