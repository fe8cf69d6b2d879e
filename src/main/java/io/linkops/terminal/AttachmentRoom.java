package io.linkops.terminal;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.TerminalConfig;
import io.linkops.ssh.PtySize;
import io.linkops.terminal.Terminals.Attach;
import io.linkops.terminal.Terminals.Attached;
import io.linkops.terminal.Terminals.Connect;
import io.linkops.terminal.Terminals.Disconnect;
import io.linkops.terminal.Terminals.Done;
import io.linkops.terminal.Terminals.PaneStatus;
import io.linkops.terminal.Terminals.Piece;
import io.linkops.terminal.Terminals.Read;
import io.linkops.terminal.Terminals.Refusal;
import io.linkops.terminal.Terminals.Resize;
import io.linkops.terminal.Terminals.ResumeInput;
import io.linkops.terminal.Terminals.TypeInput;
import io.linkops.terminal.Terminals.Typed;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Those who are attached: what they read, type, resize, open and close. */
final class AttachmentRoom {
    /** Below the patience of whoever asks. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private static final int MAX_PIECE = 64 * 1024;

    private final TerminalConfig config;
    private final WorkspaceRoom workspaces;
    private final Shells shells;
    private final Ids ids;
    private final InstantSource clock;
    private final Map<String, Attachment> byId = new HashMap<>();

    AttachmentRoom(TerminalConfig config, WorkspaceRoom workspaces, Shells shells, Ids ids, InstantSource clock) {
        this.config = config;
        this.workspaces = workspaces;
        this.shells = shells;
        this.ids = ids;
        this.clock = clock;
    }

    Attached attach(Attach order) {
        var workspace = workspaces.find(order.actor(), order.id());
        var username = order.actor().username();
        long own = byId.values().stream()
                .filter(each -> each.actor().username().equals(username))
                .count();
        if (own >= config.maxSocketsPerUser()) {
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "You have " + own + " terminal sockets open, which is as many as one user may; close one, or raise"
                            + " terminal.max_sockets_per_user",
                    Map.of("max_sockets_per_user", config.maxSocketsPerUser()));
        }
        var attachment = new Attachment(ids.unguessable(), order.actor(), workspace, order.confirms());
        byId.put(attachment.id(), attachment);
        workspace.attachments().put(attachment.id(), attachment);
        workspace.look(clock.instant());
        return new Attached(attachment.id(), workspace.shown());
    }

    Done detach(String id) {
        var attachment = byId.remove(id);
        if (attachment != null) {
            var workspace = attachment.workspace();
            workspace.attachments().remove(id);
            workspace.look(clock.instant());
            workspace.panes().forEach(pane -> {
                pane.forget(id);
                pane.resumeInput(id);
            });
        }
        return new Done();
    }

    private Attachment find(String id) {
        var attachment = byId.get(id);
        if (attachment == null
                || !workspaces.has(attachment.workspace())
                || !attachment.workspace().maySee(attachment.actor())) {
            throw new Failure(ErrorCode.WORKSPACE_NOT_FOUND, "This socket is not attached any more");
        }
        return attachment;
    }

    private static Attachment typing(Attachment attachment) {
        if (!attachment.mayType()) {
            throw new Failure(ErrorCode.FORBIDDEN, attachment.workspace().typist() + " types here; take over first");
        }
        return attachment;
    }

    /** Only who types holds output back; watchers find gaps where they were too slow. */
    Future<Piece> read(Read question) {
        var attachment = find(question.attachment());
        var pane = attachment.workspace().pane(question.pane());
        if (attachment.mayType()) {
            pane.ring().confirm(attachment.confirms() ? question.confirmed() : question.after());
        }
        return pane.read(
                new Read(
                        question.attachment(),
                        question.pane(),
                        question.after(),
                        question.confirmed(),
                        Math.clamp(question.max(), 1, MAX_PIECE)),
                clock.instant());
    }

    Typed type(TypeInput order) {
        var attachment = find(order.attachment());
        List<Refusal> refusals = new ArrayList<>();
        for (int number : order.panes()) {
            try {
                var pane = typing(attachment).workspace().pane(number);
                if (!pane.type(order.attachment(), order.data())) {
                    refusals.add(refusal(pane));
                }
            } catch (Failure e) {
                refusals.add(new Refusal(number, e.code(), false, e.text()));
            }
        }
        return new Typed(refusals);
    }

    private static Refusal refusal(ActivePane pane) {
        boolean isOpen = pane.status() == PaneStatus.CONNECTED;
        return isOpen
                ? new Refusal(
                        pane.number(),
                        ErrorCode.RATE_LIMITED,
                        true,
                        "The program in pane " + pane.number() + " does not read: this input was not taken. Wait until"
                                + " the pane is ready, send stdin_resume, then send it again")
                : new Refusal(pane.number(), ErrorCode.CONFLICT, false, "Pane " + pane.number() + " has no shell open");
    }

    Done resumeInput(ResumeInput order) {
        find(order.attachment()).workspace().pane(order.pane()).resumeInput(order.attachment());
        return new Done();
    }

    Done resize(Resize order) {
        var attachment = typing(find(order.attachment()));
        var pane = attachment.workspace().pane(order.pane());
        if (order.cols() < 1 || order.rows() < 1 || order.cols() > PtySize.MOST || order.rows() > PtySize.MOST) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "cols and rows must be from 1 to " + PtySize.MOST);
        }
        var size = new PtySize(order.cols(), order.rows());
        if (!size.equals(pane.size())) {
            pane.resize(size);
            // who watches draws on a screen of the same size
            shells.tell(attachment.workspace(), pane);
        }
        return new Done();
    }

    Done connect(Connect order) {
        var attachment = typing(find(order.attachment()));
        shells.connect(attachment.workspace(), attachment.workspace().pane(order.pane()), attachment.actor());
        return new Done();
    }

    Done disconnect(Disconnect order) {
        var workspace = typing(find(order.attachment())).workspace();
        workspaces.end(workspace, workspace.pane(order.pane()), "disconnected");
        return new Done();
    }

    /** Whoever waited long enough asks again; so a reader that is gone is not waited for. */
    void sweep() {
        var before = clock.instant().minus(LONGEST_WAIT);
        workspaces.all().forEach(each -> each.panes().forEach(pane -> pane.answerOld(before)));
    }
}
