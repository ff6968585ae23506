package dev.serving.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The variable of an option that several commands have, and that means the same to all of them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Variable {
  /** Its name. */
  String value();
}
