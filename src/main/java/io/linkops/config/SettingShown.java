package io.linkops.config;

import org.jspecify.annotations.Nullable;

/**
 * One key as admins may see it.
 *
 * @param key with its section, such as {@code git.branch}
 * @param value as one would write it in the file, without credentials; null if there is none. Of a secret that is set
 *     only stars
 * @param isDefault whether it is what it would be without a configuration
 * @param meaning what it does, in a sentence
 */
public record SettingShown(String key, @Nullable String value, boolean isDefault, boolean isSecret, String meaning) {}
