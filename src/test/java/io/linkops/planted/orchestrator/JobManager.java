package io.linkops.planted.orchestrator;

import io.linkops.planted.ssh.Turn;

/** Uses what is another's alone, and a room it does not declare. */
class JobManager {
    private io.vertx.ext.web.Router router;
    private net.schmizz.sshj.SSHClient client;
    private org.eclipse.jgit.api.Git git;
    private org.apache.sshd.server.SshServer server;
    private java.sql.Connection connection;
    private io.vertx.core.eventbus.EventBus eventBus;
    private io.micrometer.core.instrument.MeterRegistry meters;
    private Turn turn;

    Object[] all() {
        return new Object[] {router, client, git, server, connection, eventBus, meters, turn};
    }
}
