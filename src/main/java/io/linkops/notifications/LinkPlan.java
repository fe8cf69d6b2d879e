package io.linkops.notifications;

import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.LinkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which changes of links are news: that one does not answer (any more), and that it does again. That a new one
 * answers is none, and what is unknown is no change. In a maintenance window nothing is told; what has changed and
 * stays so is, when it ends. Pure.
 *
 * @param news in the order of the links given
 * @param seen what is to be remembered anew, by link
 * @param gone what is to be forgotten
 */
record LinkPlan(List<LinkState> news, Map<String, LinkStatus> seen, List<String> gone) {

    static LinkPlan of(Map<String, LinkStatus> known, List<LinkState> links) {
        var news = new ArrayList<LinkState>();
        var seen = new TreeMap<String, LinkStatus>();
        var gone = new ArrayList<String>();
        for (var link : links) {
            var id = link.link().id();
            @Nullable LinkStatus before = known.get(id);
            if (link.isRetired()) {
                if (before != null) {
                    gone.add(id);
                }
            } else if (!link.isInMaintenance() && link.status() != LinkStatus.UNKNOWN && link.status() != before) {
                seen.put(id, link.status());
                if (before != null || link.status() == LinkStatus.OFFLINE) {
                    news.add(link);
                }
            }
        }
        return new LinkPlan(news, seen, gone);
    }
}
