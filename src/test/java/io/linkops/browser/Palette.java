package io.linkops.browser;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The 256 colours that stand for all of a picture's: by median cut. */
final class Palette {
    private static final int MOST = 256;

    private final Map<Integer, Integer> places;
    private final int[] colours;

    private Palette(Map<Integer, Integer> places, int[] colours) {
        this.places = places;
        this.colours = colours;
    }

    static Palette of(BufferedImage picture) {
        var counts = new HashMap<Integer, Integer>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                counts.merge(picture.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        var boxes = new ArrayList<List<Integer>>(List.of(new ArrayList<>(counts.keySet())));
        while (boxes.size() < MOST) {
            var widest = boxes.stream()
                    .max(Comparator.comparingInt(box -> box.size() < 2 ? 0 : spread(box, broadest(box))))
                    .orElseThrow();
            if (widest.size() < 2) {
                break;
            }
            int channel = broadest(widest);
            widest.sort(Comparator.comparingInt(colour -> part(colour, channel)));
            boxes.remove(widest);
            boxes.add(new ArrayList<>(widest.subList(0, widest.size() / 2)));
            boxes.add(new ArrayList<>(widest.subList(widest.size() / 2, widest.size())));
        }
        var places = new HashMap<Integer, Integer>();
        var colours = new int[boxes.size()];
        for (int place = 0; place < colours.length; place++) {
            var box = boxes.get(place);
            colours[place] =
                    box.stream().max(Comparator.comparingInt(counts::get)).orElseThrow();
            for (var colour : box) {
                places.put(colour, place);
            }
        }
        return new Palette(places, colours);
    }

    BufferedImage paint(BufferedImage picture) {
        var model = new IndexColorModel(8, colours.length, colours, 0, false, -1, 0);
        var painted =
                new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                painted.getRaster().setSample(x, y, 0, places.get(picture.getRGB(x, y) & 0xffffff));
            }
        }
        return painted;
    }

    private static int broadest(List<Integer> box) {
        int broadest = 16;
        for (int channel : new int[] {8, 0}) {
            if (spread(box, channel) > spread(box, broadest)) {
                broadest = channel;
            }
        }
        return broadest;
    }

    private static int spread(List<Integer> box, int channel) {
        int least = 255;
        int most = 0;
        for (var colour : box) {
            least = Math.min(least, part(colour, channel));
            most = Math.max(most, part(colour, channel));
        }
        return most - least;
    }

    private static int part(int colour, int channel) {
        return colour >> channel & 0xff;
    }
}
