package dev.serving.cli.backends;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks tests with real programs, and names them. They run with the profile {@code backends}. */
@Tag("backends")
@ExtendWith(ProofTable.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Proves {
  /** The programs, as {@code tools/backends/get.sh} names them. */
  String[] value();
}
