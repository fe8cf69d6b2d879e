package io.linkops.bench;

import java.util.function.LongSupplier;

/** Wall time and CPU from its making to its reading, who used it told apart. */
final class Stopwatch {
    private final ProcessHandle sshd;
    private final LongSupplier cpu;
    private final long startedAt;
    private final long cpuBefore;
    private final long sshdBefore;
    private final long ownBefore;
    private final long busyBefore;

    /** @param cpu what the one who is measured has used so far, in ms */
    Stopwatch(ProcessHandle sshd, LongSupplier cpu) throws Exception {
        this.sshd = sshd;
        this.cpu = cpu;
        this.cpuBefore = cpu.getAsLong();
        this.sshdBefore = ProcFs.treeCpuMillis(sshd);
        this.ownBefore = own();
        this.busyBefore = ProcFs.busyMillis();
        this.startedAt = System.nanoTime();
    }

    Pass read(String name, int targets) throws Exception {
        double wall = (System.nanoTime() - startedAt) / 1e6;
        double used = cpu.getAsLong() - cpuBefore;
        double servers = ProcFs.treeCpuMillis(sshd) - sshdBefore;
        double others = ProcFs.busyMillis() - busyBefore - used - servers - (own() - ownBefore);
        return new Pass(name, targets, wall, used, servers, Math.max(0, others / wall));
    }

    private static long own() {
        return ProcFs.cpuMillis(ProcessHandle.current().pid());
    }
}
