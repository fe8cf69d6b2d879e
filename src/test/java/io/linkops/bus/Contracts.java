package io.linkops.bus;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;

/** Every contract there is, found by its annotation, so that none can be forgotten. */
final class Contracts {
    private Contracts() {}

    static List<Class<?>> all() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.linkops").stream()
                        .filter(type -> type.isAnnotatedWith(Contract.class))
                        .map(JavaClass::reflect)
                        .<Class<?>>map(type -> type)
                        .toList();
    }

    static MessageTypes types() {
        return MessageTypes.declaredIn(all().toArray(Class<?>[]::new));
    }

    /** Every record that travels: messages and what is nested in them. */
    static List<Class<?>> records() {
        return all().stream()
                .flatMap(contract -> Arrays.stream(contract.getDeclaredClasses()))
                .filter(Class::isRecord)
                .<Class<?>>map(type -> type)
                .toList();
    }

    static List<Class<?>> messages() {
        return records().stream()
                .filter(BusMessage.class::isAssignableFrom)
                .<Class<?>>map(type -> type)
                .toList();
    }
}
