package dev.millpond.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeRefTest {

    @Test
    void type_simpleArgument_isItsClass() {
        assertThat(new TypeRef<String>() {}.type()).isEqualTo(String.class);
    }

    @Test
    void type_genericArgument_keepsItsArguments() {
        ParameterizedType type = (ParameterizedType) new TypeRef<Map<String, List<Integer>>>() {}.type();

        assertThat(type.getRawType()).isEqualTo(Map.class);
        assertThat(type.getTypeName()).isEqualTo("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
    }

    @Test
    @SuppressWarnings("rawtypes") // The mistake under test.
    void create_withoutArgument_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new TypeRef() {})
                .withMessage("TypeRef was made without a type argument. Write new TypeRef<List<Product>>() {}.");
    }
}
