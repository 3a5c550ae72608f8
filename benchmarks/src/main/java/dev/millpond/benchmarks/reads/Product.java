package dev.millpond.benchmarks.reads;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is cached: about 1 KB of JSON.
 *
 * @param id its number
 * @param name of a few words
 * @param description most of its size
 * @param priceInCents what it costs
 * @param available whether it can be bought
 * @param tags what it belongs to
 * @param attributes what else is known
 */
public record Product(
        long id,
        String name,
        String description,
        long priceInCents,
        boolean available,
        List<String> tags,
        Map<String, String> attributes) {

    private static final String SENTENCE = "Made of oak from a forest that is looked after, oiled by hand. ";
    private static final int SENTENCES = 10;
    private static final int DETAILS = 6;

    /** Returns a product by the text of its number. */
    static Product of(String key) {
        long id = Long.parseLong(key.substring(key.lastIndexOf('-') + 1));
        List<String> tags = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < DETAILS; i++) {
            tags.add("tag-" + (id + i) % 100);
            attributes.put("attribute-" + i, "value " + (id * 31 + i) % 1_000);
        }
        String description = (id + ". ").concat(SENTENCE.repeat(SENTENCES));
        return new Product(id, "Table " + id, description, 100 + id, id % 2 == 0, tags, attributes);
    }
}
