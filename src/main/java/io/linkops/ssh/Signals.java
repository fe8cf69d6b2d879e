package io.linkops.ssh;

import java.util.List;

/** Names and numbers of Linux signals, the same on every architecture that has a Linux distribution but mips. */
final class Signals {
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private Signals() {}

    /** @param name as SSH gives it: without SIG; OpenSSH says {@code SIG@openssh.com} for those it has no name for */
    static Exit exitOf(String name) {
        int at = name.indexOf('@');
        String plain = at < 0 ? name : name.substring(0, at);
        int number = NAMES.indexOf(plain) + 1;
        return new Exit(number > 0 ? 128 + number : 255, number > 0 ? plain : "unknown");
    }
}
