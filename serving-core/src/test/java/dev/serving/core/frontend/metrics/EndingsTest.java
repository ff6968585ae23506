package dev.serving.core.frontend.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.frontend.api.ApiError;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client may be told has a label of its own from the start. */
class EndingsTest {
  static Stream<Method> errors() {
    return Arrays.stream(ApiError.class.getDeclaredMethods())
        .filter(m -> Modifier.isStatic(m.getModifiers()) && Modifier.isPublic(m.getModifiers()))
        .filter(m -> m.getReturnType() == ApiError.class)
        .filter(m -> !m.getName().equals("unavailable")) // has its code from whoever calls it
        .filter(m -> !m.getName().equals("unknownPath") && !m.getName().equals("wrongMethod"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void everyErrorOfARequestForTextIsKnown(Method factory) throws Exception {
    Object[] arguments = Arrays.stream(factory.getParameterTypes()).map(EndingsTest::any).toArray();
    ApiError error = (ApiError) factory.invoke(null, arguments);
    assertThat(Endings.error(error.code())).isEqualTo(error.code());
    assertThat(Endings.ending(error.code())).isEqualTo(error.code());
  }

  private static Object any(Class<?> type) {
    return type == String.class ? "x" : type == int.class ? (Object) 1 : (Object) 1L;
  }
}
