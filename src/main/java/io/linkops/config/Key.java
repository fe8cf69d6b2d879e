package io.linkops.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What one key of a section means: the source of its default, its checks and its line in docs/CONFIGURATION.md.
 *
 * <p>The key's name is the component's in snake case, unless {@link #name} says otherwise. Its type is the component's:
 * text, number, boolean, list of texts, {@code Duration} (a bare number counts in {@link #unit}; {@code 250ms},
 * {@code 30s}, {@code 5m}, {@code 2h} and {@code 1d} are taken too), {@code Path}, {@code Secret} or an enum.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** What it does, in one sentence for administrators. */
    String value();

    /** The key's name where it is not the component's in snake case. */
    String name() default "";

    /** Another name it goes by in files, from elsewhere. */
    String alias() default "";

    /** The default as one would write it in the file; empty: none, the component is null (or an empty list). */
    String byDefault() default "";

    /** What a bare number counts: {@code ms}, {@code s}, {@code m}, {@code h}, {@code d}, {@code bytes}, {@code MB}. */
    String unit() default "";

    /** Smallest value, in {@link #unit}. */
    long min() default Long.MIN_VALUE;

    /** Largest value, in {@link #unit}. */
    long max() default Long.MAX_VALUE;
}
