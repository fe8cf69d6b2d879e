package io.linkops.api;

/** The stream of one browser tab that looks at no operation in particular. */
final class BrowserStream {
    private final BrowserNews news;
    private final SseConnection connection;

    BrowserStream(Streams streams, FleetEvents events, Call call) {
        this.news = new BrowserNews(events, call.principal());
        this.connection = new SseConnection(streams, call, news::end);
    }

    Answer open() {
        return sent -> {
            if (connection.begin(news::drained)) {
                news.begin(connection);
            }
        };
    }
}
