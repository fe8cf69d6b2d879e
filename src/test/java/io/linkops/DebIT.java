package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.api.DocBlocks;
import io.linkops.api.DocBlocks.Block;
import io.linkops.fleet.SystemdMachine;
import io.linkops.world.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of the package on a machine with a systemd of its own, from its installation to its purge: {@code mvn verify
 * -Pdeb}. Each step stands on the one before; the last is what docs/DEPLOYMENT.md, docs/OPERATIONS.md and
 * docs/TROUBLESHOOTING.md tell to type.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PASSWORD = "a quiet observer 42";

    @TempDir
    private static Path directory;

    private static SystemdMachine machine;

    @BeforeAll
    static void boot() throws Exception {
        var made = Path.of(System.getProperty("linkops.deb", "target/linkops.deb"));
        var disk = Files.createDirectories(directory.resolve("machine/up/root"));
        Files.copy(made, disk.resolve("linkops.deb"));
        older(made, disk.resolve("older.deb"));
        Files.copy(Path.of("deployment/install.sh"), disk.resolve("install.sh"));
        Files.copy(Path.of("deployment/uninstall.sh"), disk.resolve("uninstall.sh"));
        var key = directory.resolve("key");
        here("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        machine = SystemdMachine.start(directory.resolve("machine"), directory.resolve("key.pub"), "LINKOPS-machine");
    }

    /** The same, said to be an older one. */
    private static void older(Path made, Path older) throws Exception {
        var root = directory.resolve("older");
        here("dpkg-deb", "-R", made.toString(), root.toString());
        var control = root.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("Version: .*", "Version: 0.0.1"));
        here("dpkg-deb", "-Znone", "--root-owner-group", "-b", root.toString(), older.toString());
    }

    @AfterAll
    static void end() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    @Order(1)
    void isInstalledAndServes() throws Exception {
        machine.inside("bash /root/install.sh /root/older.deb");
        assertThat(machine.inside("systemctl is-active linkopsd; systemctl is-enabled linkopsd"))
                .isEqualTo("active\nenabled\n");
        machine.inside("echo LINKOPS_API_HOST=0.0.0.0 >>/etc/default/linkops; systemctl restart linkopsd");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        var first = machine.inside("cat /var/lib/linkops/first-password").strip();
        assertThat(machine.inside("journalctl -u linkopsd; cat /var/log/linkops/*"))
                .contains("/var/lib/linkops/first-password")
                .doesNotContain(first);
        var made = post(
                "/api/users",
                logIn("admin", first),
                new JsonObject()
                        .put("username", "watcher")
                        .put("password", PASSWORD)
                        .put("role", "viewer"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @Test
    @Order(2)
    void mayDoNothingThatItNeedNot() throws Exception {
        var said = machine.inside("systemd-analyze security linkopsd --no-pager");
        var score = Pattern.compile("exposure level for linkopsd.service: ([0-9.]+)")
                .matcher(said);
        assertThat(score.find()).as(said).isTrue();
        System.out.println("DebIT: systemd-analyze security: " + score.group(1));
        assertThat(Double.parseDouble(score.group(1))).isLessThanOrEqualTo(1.2);
        // this machine has no man(1)
        assertThat(machine.inside("systemd-analyze verify --man=no linkopsd.service 2>&1 | grep linkops || true"))
                .isEmpty();
        assertThat(machine.inside("find /var/lib/linkops /var/log/linkops /etc/linkops/config.yaml -perm /o=rwx"))
                .isEmpty();
    }

    @Test
    @Order(2)
    void bringsItsManualAndItsCompletion() throws Exception {
        assertThat(machine.inside("zcat /usr/share/man/man1/linkops.1.gz")).startsWith(".TH LINKOPS 1");
        assertThat(machine.inside(
                        "bash -c 'source /usr/share/bash-completion/completions/linkops; complete -p linkops'"))
                .contains("linkops");
    }

    @Test
    @Order(3)
    void startsFasterWithItsCache() throws Exception {
        long with = cpuOfStart();
        machine.inside("mv /usr/lib/linkops/linkops.aot /root/");
        long without = cpuOfStart();
        machine.inside("mv /root/linkops.aot /usr/lib/linkops/");
        System.out.println("DebIT: CPU of a start without the AOT cache / with it: " + without / (double) with);
        assertThat(with).isLessThan(without);
    }

    /** @return nanoseconds of all threads, up to readiness */
    private static long cpuOfStart() throws Exception {
        restart();
        return Long.parseLong(machine.inside("systemctl show -p CPUUsageNSec --value linkopsd")
                .strip());
    }

    @Test
    @Order(4)
    void isStartedAgainAfterItWasKilled() throws Exception {
        restart();
        machine.inside("kill -KILL " + mainPid());
        awaitRestarts(1);
        logIn("watcher", PASSWORD);
    }

    @Test
    @Order(5)
    void isStartedAgainWhenItHangs() throws Exception {
        machine.inside("mkdir -p /etc/systemd/system/linkopsd.service.d; printf '[Service]\\nWatchdogSec=9\\n"
                + "TimeoutAbortSec=2\\n' >/etc/systemd/system/linkopsd.service.d/test.conf; systemctl daemon-reload");
        restart();
        machine.inside("kill -STOP " + mainPid());
        awaitRestarts(1);
        assertThat(machine.inside("journalctl -u linkopsd")).contains("Watchdog timeout");
        machine.inside("rm /etc/systemd/system/linkopsd.service.d/test.conf; systemctl daemon-reload");
        restart();
        logIn("watcher", PASSWORD);
    }

    @Test
    @Order(6)
    void stopsInOrder() throws Exception {
        machine.inside("systemctl stop linkopsd");
        assertThat(machine.inside("systemctl show -p Result -p ExecMainStatus -p ExecMainCode linkopsd"))
                .contains("Result=success", "ExecMainStatus=0", "ExecMainCode=1");
        assertThat(machine.inside("journalctl -u linkopsd -n 20")).contains(" stops");
        machine.inside("systemctl start linkopsd");
    }

    @Test
    @Order(7)
    void keepsItsDataThroughAnUpgradeAndARemoval() throws Exception {
        machine.inside("echo '# mine' >>/etc/linkops/config.yaml");
        machine.inside("bash /root/install.sh /root/linkops.deb");
        assertThat(machine.inside("dpkg-query -W -f '${Version}' linkops")).isNotEqualTo("0.0.1");
        logIn("watcher", PASSWORD);
        machine.inside("bash /root/uninstall.sh");
        assertThat(machine.inside("ls /usr/lib/linkops /usr/bin/linkops 2>/dev/null || true"))
                .isEmpty();
        machine.inside("bash /root/install.sh /root/linkops.deb; bash /root/install.sh /root/linkops.deb");
        logIn("watcher", PASSWORD);
        assertThat(machine.inside("tail -1 /etc/linkops/config.yaml")).isEqualTo("# mine\n");
    }

    @Test
    @Order(8)
    void leavesNothingButTheMachinesOwnId() throws Exception {
        machine.inside("bash /root/uninstall.sh --purge; bash /root/uninstall.sh --purge");
        assertThat(machine.inside(
                        "find / -xdev -not -path '/proc/*' -not -path '/root/*' -not -path '/run/*' -not -path"
                                + " '/var/lib/dpkg/*' -not -path '/sys/*' -iname '*linkops*' | grep -v"
                                + " /var/log/journal"))
                .isEqualTo("/etc/linkops\n");
        assertThat(machine.inside("ls /etc/linkops; getent passwd linkops || true"))
                .isEqualTo("client_id\n");
        assertThat(machine.inside("systemctl list-units --all --no-legend 'linkops*'"))
                .isEmpty();
    }

    /** On the machine that everything has left, as somebody would who has only the documents. */
    @Test
    @Order(9)
    void doesWhatTheDocumentsSay() throws Exception {
        var blocks = Stream.of("DEPLOYMENT.md", "OPERATIONS.md", "TROUBLESHOOTING.md")
                .flatMap(name -> DocBlocks.of(Path.of("docs", name)).stream())
                .toList();
        var onMachine = blocks.stream().filter(Block::isRunOnMachine).toList();
        assertThat(onMachine).hasSizeGreaterThan(10);
        assertThat(everywhere().filter(Block::isRunOnMachine)).containsExactlyInAnyOrderElementsOf(onMachine);
        bringWhatTheyName();
        var all = new SoftAssertions();
        for (var block : onMachine.stream().filter(DebIT::isBeforeTheEnd).toList()) {
            run(block, all);
        }
        all.assertThatCode(() -> servesAsItsUnitIsChanged(blocks)).doesNotThrowAnyException();
        all.assertThatCode(DebIT::servesByTls).doesNotThrowAnyException();
        for (var block :
                onMachine.stream().filter(each -> !isBeforeTheEnd(each)).toList()) {
            run(block, all);
        }
        all.assertAll();
    }

    private static Stream<Block> everywhere() throws IOException {
        return DocBlocks.documents().stream().flatMap(file -> DocBlocks.of(file).stream());
    }

    private static boolean isBeforeTheEnd(Block block) {
        return block.said("at").isEmpty();
    }

    /** A key for links, and a certificate. */
    private static void bringWhatTheyName() throws Exception {
        var key = directory.resolve("key.pem");
        var certificate = directory.resolve("fullchain.pem");
        here(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=linkops.example.org",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        put(Files.readString(key), "/root/key.pem");
        put(Files.readString(certificate), "/root/fullchain.pem");
        put(Files.readString(directory.resolve("key")), "/root/fleet_key");
    }

    private static void put(String text, String place) throws Exception {
        machine.inside("cat >" + place + " <<'END'\n" + text + "END\n");
    }

    /** Where its user would be: root does not let others look into its home. */
    private static void run(Block block, SoftAssertions all) throws Exception {
        put(block.text(), "/tmp/block.sh");
        var user = block.said("as").orElse("root");
        var shell = "cd ~" + user + "; runuser -u " + user + " -- bash -e /tmp/block.sh";
        var said = machine.inside("export HOME=/root; " + shell + " 2>&1 </dev/null; echo \"exit code $?\"");
        all.assertThat(said).as(block.toString()).endsWith("exit code 0\n");
        block.allSaid("says")
                .forEach(text -> all.assertThat(said).as(block.toString()).contains(text));
    }

    /** The port below 1024 that docs/DEPLOYMENT.md tells how to get. */
    private static void servesAsItsUnitIsChanged(List<Block> blocks) throws Exception {
        var unit =
                blocks.stream().filter(block -> block.language().equals("ini")).toList();
        assertThat(unit).hasSize(1);
        machine.inside("mkdir -p /etc/systemd/system/linkopsd.service.d");
        put(unit.getFirst().text(), "/etc/systemd/system/linkopsd.service.d/override.conf");
        machine.inside("printf 'LINKOPS_API_HOST=0.0.0.0\\nLINKOPS_API_PORT=443\\n' >>/etc/default/linkops;"
                + " systemctl daemon-reload; systemctl restart linkopsd");
        assertThat(machine.inside("ss -ltnH 'sport = :443'")).contains(":443");
    }

    /** With the files that docs/DEPLOYMENT.md has put in place. */
    private static void servesByTls() throws Exception {
        machine.inside("printf 'LINKOPS_API_TLS_CERTIFICATE=/etc/linkops/tls/fullchain.pem\\n"
                + "LINKOPS_API_TLS_KEY=/etc/linkops/tls/key.pem\\n"
                + "' >>/etc/default/linkops; systemctl restart linkopsd");
        var said = hereSaid(
                "curl",
                "-sS",
                "--cacert",
                directory.resolve("fullchain.pem").toString(),
                "--resolve",
                "linkops.example.org:443:" + machine.host(),
                "https://linkops.example.org/readyz");
        assertThat(said).contains("ready");
    }

    private static void restart() throws Exception {
        machine.inside("systemctl reset-failed linkopsd; systemctl restart linkopsd");
    }

    private static String mainPid() throws Exception {
        return machine.inside("systemctl show -p MainPID --value linkopsd").strip();
    }

    private static void awaitRestarts(int number) throws Exception {
        Patience.until(
                "systemd started it again",
                () -> machine.inside("systemctl show -p NRestarts -p ActiveState linkopsd")
                                .equals("ActiveState=active\nNRestarts=" + number + "\n")
                        || machine.inside("systemctl show -p NRestarts -p ActiveState linkopsd")
                                .equals("NRestarts=" + number + "\nActiveState=active\n"));
    }

    private static String logIn(String user, String password) throws Exception {
        var answer = post(
                "/api/auth/login", "", new JsonObject().put("username", user).put("password", password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("token");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String token, JsonObject body) throws Exception {
        var request = HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI address(String path) {
        return URI.create("http://" + machine.host() + ":8080" + path);
    }

    private static void here(String... command) throws Exception {
        hereSaid(command);
    }

    private static String hereSaid(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
