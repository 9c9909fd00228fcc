import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Runs Java's keytool once for each line of standard input: its arguments, each in base64, separated
 * by spaces. The answer is a line with "0" or "1", as keytool would end, and its output in base64.
 * Without the argument -debug a failure ends this process too.
 *
 * <p>Usage: java --add-opens java.base/sun.security.tools.keytool=ALL-UNNAMED Keytool.java
 */
class Keytool {
    public static void main(String[] none) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        var answers = System.out;
        var main = Class.forName("sun.security.tools.keytool.Main");
        var constructor = main.getDeclaredConstructor();
        var run = main.getDeclaredMethod("run", String[].class, PrintStream.class);
        constructor.setAccessible(true);
        run.setAccessible(true);
        for (String line; (line = lines.readLine()) != null; ) {
            var arguments =
                Arrays.stream(line.split(" ")).map(one -> new String(Base64.getDecoder().decode(one), UTF_8));
            var bytes = new ByteArrayOutputStream();
            var output = new PrintStream(bytes, true, UTF_8);
            System.setOut(output);
            // Nobody is there to be asked.
            System.setIn(new ByteArrayInputStream(new byte[0]));
            var code = 0;
            try {
                var ended = run.invoke(constructor.newInstance(), arguments.toArray(String[]::new), output);
                code = ended instanceof Integer number ? number : 0;
            } catch (InvocationTargetException failure) {
                if (!(failure.getCause() instanceof Exception)) {
                    throw failure;
                }
                code = 1;
            }
            answers.println(code + " " + Base64.getEncoder().encodeToString(bytes.toByteArray()));
            answers.flush();
        }
    }
}
