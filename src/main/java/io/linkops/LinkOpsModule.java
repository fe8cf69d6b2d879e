package io.linkops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares, in a package-info, what a package is called and which others it may use. ArchitectureTest enforces it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PACKAGE)
public @interface LinkOpsModule {

    /** The room's name in docs/ARCHITECTURE.md. */
    String name();

    /** The names of the rooms it may use. */
    String[] uses() default {};
}
