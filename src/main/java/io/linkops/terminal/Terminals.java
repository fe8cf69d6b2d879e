package io.linkops.terminal;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the keeper of terminals can be asked, and what it tells. It owns workspaces, panes, shells and recordings.
 *
 * <p>A workspace that is not the asker's, not shared with them, or not there is WORKSPACE_NOT_FOUND, all the same.
 */
@Contract
public interface Terminals {

    // ---- words ---------------------------------------------------------------------------------------------------

    /** How the panes of a workspace are arranged, columns by rows. */
    enum Layout {
        SINGLE(1),
        GRID2X1(2),
        GRID1X3(3),
        GRID2X2(4);

        private final int panes;

        Layout(int panes) {
            this.panes = panes;
        }

        public int panes() {
            return panes;
        }
    }

    /** What a share allows. */
    enum ShareMode {
        /** Sees the output. */
        WATCH,
        /** May take over typing too. */
        CONTROL
    }

    /** Where a pane stands. */
    enum PaneStatus {
        /** No link is assigned. */
        EMPTY,
        /** A link is assigned; no shell is open (any more). */
        CLOSED,
        /** The link is being connected to and looked at. */
        CONNECTING,
        /** A shell is open. */
        CONNECTED
    }

    /**
     * Who asks, and from where.
     *
     * @param links ids of the links that are there for them; null for all (decision 15)
     */
    record Actor(
            String username,
            boolean isAdmin,
            String remoteAddress,
            @Nullable Set<String> links) {
        public Actor {
            links = links == null ? null : Set.copyOf(links);
        }

        /** Whom no scope narrows. */
        public Actor(String username, boolean isAdmin, String remoteAddress) {
            this(username, isAdmin, remoteAddress, null);
        }

        boolean reaches(@Nullable String link) {
            return link == null || links == null || links.contains(link);
        }
    }

    /**
     * One pane as it stands.
     *
     * @param start offset of the oldest byte of output that is still there
     * @param end offset of the next byte of output; offsets count from the pane's first shell on and never go back
     * @param session the shell's id while it is open, or that of the last one
     * @param reason why the last shell ended ({@code exited}, {@code disconnected}, {@code abandoned}, {@code lost},
     *     {@code deleted}, {@code shutdown}) or could not be opened ({@code client_id_mismatch}, {@code unreachable},
     *     …); null while all is well
     * @param error the same as a sentence for people, where there is something to do
     * @param exitCode how the last shell ended, if it did by itself
     */
    record Pane(
            int pane,
            @Nullable String link,
            PaneStatus status,
            long start,
            long end,
            int cols,
            int rows,
            @Nullable String session,
            @Nullable String reason,
            @Nullable String error,
            @Nullable Integer exitCode) {}

    /**
     * A workspace.
     *
     * @param id 192 random bits
     * @param name what its owner calls it; null until it has a name
     * @param typist who has the right to type
     * @param shares by user, the owner not among them
     * @param sockets how many are attached
     */
    record Workspace(
            String id,
            String owner,
            @Nullable String name,
            Layout layout,
            int maxPanes,
            Instant createdAt,
            String typist,
            Map<String, ShareMode> shares,
            int sockets,
            List<Pane> panes)
            implements Reply {
        public Workspace {
            shares = Map.copyOf(shares);
            panes = List.copyOf(panes);
        }
    }

    record Workspaces(List<Workspace> workspaces) implements Reply {
        public Workspaces {
            workspaces = List.copyOf(workspaces);
        }
    }

    /**
     * What is remembered of a workspace that has a name, also when it is closed.
     *
     * @param links by pane; null for none
     */
    record NamedWorkspace(String name, Layout layout, List<@Nullable String> links, Instant changedAt) {
        public NamedWorkspace {
            links = Collections.unmodifiableList(new ArrayList<>(links));
        }
    }

    record NamedWorkspaces(List<NamedWorkspace> named) implements Reply {
        public NamedWorkspaces {
            named = List.copyOf(named);
        }
    }

    record Done() implements Reply {}

    // ---- workspaces ----------------------------------------------------------------------------------------------

    /**
     * Makes a workspace; RATE_LIMITED when there are too many, over all or of this user.
     *
     * @param maxPanes at most the layout's panes (VALIDATION_FAILED); null for as many
     * @param name null for none; CONFLICT while the asker has a workspace of this name. The links that are remembered
     *     under it stay, pane by pane, until others are assigned
     */
    record CreateWorkspace(
            Actor actor,
            Layout layout,
            @Nullable Integer maxPanes,
            @Nullable String name) implements Request<Workspace> {}

    /**
     * Gives a workspace a name, or another one; its owner and admins may. From then on its layout and links are
     * remembered under it for the owner. CONFLICT when the owner has another one of this name, open or remembered.
     */
    record NameWorkspace(Actor actor, String id, String name) implements Request<Workspace> {}

    /** What is remembered for the asker, by name; links out of their reach are left out. */
    record FindNamed(Actor actor) implements Request<NamedWorkspaces> {}

    /** Forgets what is remembered; a workspace of this name that is open loses it. NOT_FOUND when there is none. */
    record ForgetNamed(Actor actor, String name) implements Request<Done> {}

    /** Newest first: the asker's own and those shared with them; all of them for admins. */
    record FindWorkspaces(Actor actor) implements Request<Workspaces> {}

    record FindWorkspace(Actor actor, String id) implements Request<Workspace> {}

    /** @param link null for none */
    record Assignment(int pane, @Nullable String link) {}

    /**
     * Assigns links to panes (P22), all of them or none. Links that nobody looked at lately are looked at now;
     * NOT_ENROLLED names those that are not enrolled ({@code details.panes}), LINK_NOT_FOUND those there are not,
     * PANE_ASSIGNED the panes that have a shell open to another link.
     */
    record AssignPanes(Actor actor, String id, List<Assignment> panes) implements Request<Workspace> {
        public AssignPanes {
            panes = List.copyOf(panes);
        }
    }

    /** Opens a shell in every pane that has a link and no shell; does not wait for them: {@link PaneChanged} tells. */
    record ConnectAll(Actor actor, String id) implements Request<Workspace> {}

    /** Ends its shells, tells its sockets, forgets it. */
    record DeleteWorkspace(Actor actor, String id) implements Request<Done> {}

    /** Lets another user watch, or take over; the owner and admins may. */
    record Share(Actor actor, String id, String user, ShareMode mode) implements Request<Workspace> {}

    /** Ends a share; the user's sockets are closed, and if they were typing, the owner types again. */
    record Unshare(Actor actor, String id, String user) implements Request<Workspace> {}

    /** Moves the right to type to the asker: owner, a user with a share for control, or an admin; FORBIDDEN else. */
    record TakeOver(Actor actor, String id) implements Request<Workspace> {}

    // ---- attached ------------------------------------------------------------------------------------------------

    /**
     * Attaches one reader, such as a WebSocket; RATE_LIMITED when the user has too many.
     *
     * @param confirms whether the reader confirms what has really arrived ({@link Read#confirmed}); otherwise what was
     *     handed to it counts as arrived
     */
    record Attach(Actor actor, String id, boolean confirms) implements Request<Attached> {}

    record Attached(String attachment, Workspace workspace) implements Reply {}

    /** Reads that wait are answered with nothing. */
    record Detach(String attachment) implements Request<Done> {}

    /**
     * Output of a pane from an offset on: answered when there is some, or with none after a while.
     *
     * @param after offset of the first byte that is wanted
     * @param confirmed everything before this offset has arrived where it is read
     * @param max bytes in one answer
     */
    record Read(String attachment, int pane, long after, long confirmed, int max) implements Request<Piece> {}

    /**
     * A piece of output.
     *
     * @param offset of its first byte: after what was asked for when the bytes between are not there any more
     */
    record Piece(long offset, Bytes data) implements Reply {}

    /**
     * Input for panes. It is taken for each pane as a whole or not at all; once a pane refused some because too much
     * waits (INPUT_FULL), it refuses all of this attachment's until {@link ResumeInput}, so that nothing overtakes.
     */
    record TypeInput(String attachment, List<Integer> panes, Bytes data) implements Request<Typed> {
        public TypeInput {
            panes = List.copyOf(panes);
        }
    }

    /** What panes refused; empty if all took it. */
    record Typed(List<Refusal> refusals) implements Reply {
        public Typed {
            refusals = List.copyOf(refusals);
        }
    }

    /** @param isFull whether this pane has too much input waiting; {@link InputReady} tells when there is room again */
    record Refusal(int pane, ErrorCode code, boolean isFull, String message) {}

    /** What was refused may be sent again: the attachment knows of it. */
    record ResumeInput(String attachment, int pane) implements Request<Done> {}

    /** Tells the programs in a pane of its size, now and when a shell opens; 1 to 1000 each. */
    record Resize(String attachment, int pane, int cols, int rows) implements Request<Done> {}

    /** Opens a shell in a pane that has a link and no shell. Does not wait for it: {@link PaneChanged} tells. */
    record Connect(String attachment, int pane) implements Request<Done> {}

    /** Ends the shell of a pane and frees everything (P24); nothing happens if there is none. */
    record Disconnect(String attachment, int pane) implements Request<Done> {}

    // ---- recordings ----------------------------------------------------------------------------------------------

    /**
     * A shell that was recorded.
     *
     * @param id the shell's id
     * @param username who opened it
     * @param owner whose workspace it was
     * @param closedAt null while it is open
     * @param bytesIn typed; not recorded
     * @param bytesOut printed
     * @param size of the recording; null while it is being written
     */
    record Recording(
            String id,
            String workspace,
            int pane,
            String link,
            String username,
            String owner,
            String remoteAddress,
            Instant openedAt,
            @Nullable Instant closedAt,
            @Nullable String reason,
            @Nullable Integer exitCode,
            long bytesIn,
            long bytesOut,
            @Nullable Long size)
            implements Reply {}

    /** @param next for {@link FindRecordings#before}; null at the end */
    record Recordings(List<Recording> recordings, @Nullable String next) implements Reply {
        public Recordings {
            recordings = List.copyOf(recordings);
        }
    }

    /** Newest first: shells the asker opened or whose workspace was theirs; all of them for admins. */
    record FindRecordings(Actor actor, @Nullable String before, int limit) implements Request<Recordings> {}

    /** RECORDING_NOT_FOUND when it is not the asker's, or not there. */
    record FindRecording(Actor actor, String id) implements Request<Recording> {}

    /** A part of the asciicast; whole lines as far as they are written. */
    record ReadRecording(Actor actor, String id, long from) implements Request<RecordingPart> {}

    /** @param data empty at the end */
    record RecordingPart(Bytes data) implements Reply {}

    /** For admins (FORBIDDEN); CONFLICT while its shell is open. */
    record DeleteRecording(Actor actor, String id) implements Request<Done> {}

    /** Removes rows of shells that ended before then and have no recording (any more), the oldest first. */
    record ForgetSessions(java.time.Instant endedBefore, int limit) implements Request<ForgottenSessions> {}

    record ForgottenSessions(int sessions) implements Reply {}

    // ---- told ----------------------------------------------------------------------------------------------------

    /** Everything that is told, in one order. */
    sealed interface Told extends Event {
        String workspace();
    }

    record PaneChanged(String workspace, Pane pane) implements Told {}

    /** @param typist who has the right to type now */
    record TypistChanged(String workspace, String typist) implements Told {}

    /** A pane that refused input has room again; for the attachment that was refused. */
    record InputReady(String workspace, String attachment, int pane) implements Told {}

    /** This user's share ended. */
    record AccessEnded(String workspace, String username) implements Told {}

    /** @param reason {@code deleted}, {@code expired} or {@code shutdown} */
    record WorkspaceClosed(String workspace, String reason) implements Told {}
}
