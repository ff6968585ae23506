import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The README's examples inside a Spring Boot application that has Micrometer Tracing: three spans and five. */
@EnableAutoConfiguration
@Configuration
public class BootApp {
  public static void main(String[] arguments) {
    SpringApplication.run(BootApp.class, arguments).close();
  }

  @Bean
  CommandLineRunner examples() {
    return arguments -> {
      HelloTrace.main(arguments);
      Calls.main(arguments);
    };
  }
}
