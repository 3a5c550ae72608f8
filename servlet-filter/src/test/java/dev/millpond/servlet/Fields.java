package dev.millpond.servlet;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;

/** Reads structured fields with a parser that is not ours. */
public final class Fields {

    private Fields() {}

    /** Returns each member of a List with its parameters, as plain Java values. */
    public static List<Member> parse(String... lines) {
        return new Parser(lines).parseList().get().stream().map(Fields::member).toList();
    }

    private static Member member(ListElement<?> element) {
        Map<String, Object> parameters = new TreeMap<>();
        element.getParams().forEach((name, value) -> parameters.put(name, value.get()));
        return new Member(element.get(), parameters);
    }

    /** One member of a List. */
    public record Member(Object name, Map<String, Object> parameters) {}
}
