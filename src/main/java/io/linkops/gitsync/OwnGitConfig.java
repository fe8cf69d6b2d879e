package io.linkops.gitsync;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** Keeps the Git configuration of the machine and of its users away: only the mirror's own counts. */
final class OwnGitConfig extends SystemReader.Delegate {
    /** Coarser than any file system's: younger files are read again rather than trusted. */
    private static final Duration TIMESTAMP_RESOLUTION = Duration.ofSeconds(1);

    private OwnGitConfig(SystemReader reader) {
        super(reader);
    }

    /** JGit has one reader for the whole process. */
    static void install() {
        if (!(SystemReader.getInstance() instanceof OwnGitConfig)) {
            SystemReader.setInstance(new OwnGitConfig(SystemReader.getInstance()));
        }
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public @Nullable String getenv(String variable) {
        return variable.startsWith("GIT_") ? null : super.getenv(variable);
    }

    private static final class Nothing extends FileBasedConfig {
        Nothing(@Nullable Config parent, FS fs) {
            super(parent, null, fs);
        }

        /** Otherwise JGit measures the file system for seconds, and wants to keep the result in the user's home. */
        @Override
        public long getTimeUnit(
                String section, @Nullable String subsection, String name, long defaultValue, TimeUnit wantUnit) {
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                    ? wantUnit.convert(TIMESTAMP_RESOLUTION)
                    : super.getTimeUnit(section, subsection, name, defaultValue, wantUnit);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
