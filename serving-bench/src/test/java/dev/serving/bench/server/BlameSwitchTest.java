package dev.serving.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is to be left out of a server is there, by the names that the switch has for it. */
class BlameSwitchTest {
  @Test
  void everyMethodThatIsLeftOutIsThere() throws ClassNotFoundException {
    Map<String, Set<String>> all = new HashMap<>(BlameSwitch.LEFT_OUT);
    all.putAll(BlameSwitch.ANSWERED);
    for (var entry : all.entrySet()) {
      assertThat(names(entry.getKey())).as(entry.getKey()).containsAll(entry.getValue());
    }
  }

  private static Set<String> names(String type) throws ClassNotFoundException {
    return Arrays.stream(Class.forName(type).getDeclaredMethods())
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void whoWaitsForAnAccountIsTheThirdArgument() throws ReflectiveOperationException {
    for (var entry : BlameSwitch.ANSWERED.entrySet()) {
      for (Method method : Class.forName(entry.getKey()).getDeclaredMethods()) {
        if (entry.getValue().contains(method.getName())) {
          assertThat(method.getParameterTypes()[2]).isEqualTo(Consumer.class);
        }
      }
    }
    assertThat(BlameSwitch.noAccount()).isInstanceOf(Class.forName(BlameSwitch.NO_ACCOUNT));
  }
}
