package io.linkops.bus;

/** A contract of the tests' own. */
@Contract
public interface Talk {
    record Ask(String text) implements Request<Answer> {}

    record Answer(String text) implements Reply {}

    record Told(int number) implements Event {}

    /** Events that belong together. */
    sealed interface News extends Event {}

    record Good(int number) implements News {}

    record Bad(int number) implements News {}
}
