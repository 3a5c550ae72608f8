package dev.millpond.spring.internal.cache;

import dev.millpond.cache.Tag;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.ParseException;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.common.TemplateParserContext;

/**
 * A tag with expressions in it; immutable.
 *
 * @param parts literals and expressions, in order
 * @param ofResult whether it can only be evaluated if there is a result
 */
record TagTemplate(List<Expression> parts, boolean ofResult) {

    private static final TemplateParserContext TEMPLATE = new TemplateParserContext();

    /**
     * Reads a template.
     *
     * @throws ParseException if it cannot be read
     */
    static TagTemplate parse(String template, ExpressionParser parser) {
        Expression expression = parser.parseExpression(template, TEMPLATE);
        List<Expression> parts = expression instanceof CompositeStringExpression composite
                ? List.of(composite.getExpressions())
                : List.of(expression);
        return new TagTemplate(parts, template.contains("#result"));
    }

    /** Returns the tags: none if an expression gives null, several if one gives a collection. */
    List<Tag> tags(EvaluationContext context) {
        Stream<String> texts = Stream.of("");
        for (Expression part : parts) {
            List<String> values = values(part.getValue(context));
            texts = texts.flatMap(text -> values.stream().map(text::concat));
        }
        return texts.map(Tag::new).toList();
    }

    private static List<String> values(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(value.toString());
    }
}
