package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Shows that every rule bites: the planted packages break each of them. */
class ArchitectureViolationsTest {
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("io.linkops.planted");

    @TestFactory
    Stream<DynamicTest> everyRuleFindsWhatWasPlanted() {
        return ArchitectureRules.of("io.linkops.planted").entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(),
                        () -> assertThat(rule.getValue().evaluate(PLANTED).hasViolation())
                                .isTrue()));
    }
}
