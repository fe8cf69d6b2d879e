package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.imports.Defaults;
import io.linkops.imports.Imported;
import io.linkops.imports.Inventories;
import io.linkops.inventory.Inventory.Link;
import io.linkops.worlds.Fleets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import prints is what a sync reads: the machines that were given, and no others. */
class ImportedLinksProperties {
    private static final Defaults DEFAULTS = new Defaults("VM", "root");

    @TempDir
    Path directory;

    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(6);
    }

    private static Imported read(Inventories kind, String text) throws Exception {
        return read(kind, text, null);
    }

    private static Imported read(Inventories kind, String text, @Nullable Path file) throws Exception {
        return kind.read(text, file, DEFAULTS, UUID::randomUUID);
    }

    private static List<Link> parsed(String yaml) {
        var parser = new InventoryParser(1 << 22, 20_000);
        var links = parser.links(yaml.getBytes(StandardCharsets.UTF_8));
        assertThat(parser.findings().problems()).isEmpty();
        return links;
    }

    private static Map<String, Link> byId(Imported imported) {
        return parsed(imported.yaml()).stream()
                .collect(Collectors.toMap(Link::id, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    }

    /** For any links, what is written is read back, each of them, in order. */
    @Property(tries = 300)
    void whatIsWrittenIsReadBack(@ForAll("links") List<Link> links) {
        var drafts = new LinkedHashMap<String, LinkDraft>();
        links.forEach(link -> drafts.put(link.id(), LinkYaml.draft(link)));
        assertThat(parsed(LinksYaml.render(drafts))).isEqualTo(links);
        assertThat(LinksYaml.problems(drafts)).isEmpty();
    }

    /** For any links written as CSV, importing gives these very links, client ids and all. */
    @Property(tries = 200)
    void csvComesBackWhole(@ForAll("links") List<Link> links) throws Exception {
        var keys = new TreeSet<String>();
        links.forEach(link -> keys.addAll(link.metadata().keySet()));
        var csv = new StringBuilder(
                "id,type,provider,host,port,user,tags,client_id,client_id_path,key_ref,proxy_jump," + "host_key"
                        + keys.stream().map(key -> "," + "metadata." + key).collect(Collectors.joining()) + "\r\n");
        for (var link : links) {
            var cells = new java.util.ArrayList<@Nullable String>();
            cells.addAll(java.util.Arrays.asList(
                    link.id(),
                    link.type(),
                    link.provider(),
                    link.host(),
                    String.valueOf(link.port()),
                    link.user(),
                    String.join(";", link.tags()),
                    link.clientId(),
                    link.clientIdPath(),
                    link.keyRef(),
                    link.proxyJump(),
                    link.hostKey()));
            keys.forEach(key -> cells.add(link.metadata().get(key)));
            csv.append(cells.stream().map(ImportedLinksProperties::cell).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        var imported = read(Inventories.CSV, csv.toString());
        assertThat(parsed(imported.yaml())).isEqualTo(links);
        assertThat(imported.links()).isEqualTo(links.size());
    }

    @Example
    void csvColumnsAreNamedInAnyCaseAndMetadataInItsOwn() throws Exception {
        var read = read(
                Inventories.CSV,
                "ID,Host,USER,client_id,metadata.rack,metadata.Rack\r\na,10.0.0.1,root,LINKOPS-00000000,one,two\r\n");
        assertThat(parsed(read.yaml()))
                .singleElement()
                .satisfies(link -> assertThat(link.metadata()).isEqualTo(Map.of("rack", "one", "Rack", "two")));
        assertThatThrownBy(() -> read(Inventories.CSV, "id,ID,host\r\na,b,c\r\n"))
                .hasMessageContaining("names the column id twice");
    }

    private static String cell(@Nullable String text) {
        return text == null ? "" : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    record Machine(String name, String host, int port, String user, String key, String group) {}

    @Provide
    Arbitrary<List<Machine>> machines() {
        var names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("0123456789")
                .ofMinLength(1)
                .ofMaxLength(8);
        return net.jqwik.api.Combinators.combine(
                        names.map(name -> "m" + name),
                        Arbitraries.of("10.0.0.1", "a.example", "b-2.example", "192.0.2.7"),
                        Arbitraries.integers().between(1, 65535),
                        Arbitraries.of("root", "deploy", "admin"),
                        Arbitraries.of("id_ed25519", "fleet"),
                        Arbitraries.of("web", "db", "edge"))
                .as(Machine::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .uniqueElements(Machine::name);
    }

    private static void requireMachines(Imported imported, List<Machine> machines, boolean hasGroups) {
        var links = byId(imported);
        assertThat(links.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        machines.stream().map(Machine::name).toList());
        for (var machine : machines) {
            var link = links.get(machine.name());
            assertThat(link.host()).isEqualTo(machine.host());
            assertThat(link.port()).isEqualTo(machine.port());
            assertThat(link.user()).isEqualTo(machine.user());
            assertThat(link.keyRef()).isEqualTo(machine.key());
            assertThat(link.clientId()).matches("LINKOPS-[0-9a-f-]{36}");
            assertThat(link.tags()).isEqualTo(hasGroups ? List.of(machine.group(), "all-of-it") : List.of());
        }
        assertThat(links.values().stream().map(Link::clientId)).doesNotHaveDuplicates();
    }

    /** For any machines in an ssh config, with a common default at its end, the links are these. */
    @Property(tries = 200)
    void anSshConfigGivesItsHosts(@ForAll("machines") List<Machine> machines) throws Exception {
        var config = new StringBuilder();
        for (var machine : machines) {
            config.append("Host ").append(machine.name()).append('\n');
            config.append("  HostName=").append(machine.host()).append('\n');
            if (machine.port() != 22) {
                config.append("\tPort ").append(machine.port()).append('\n');
            }
            if (!machine.user().equals("deploy")) {
                config.append("  user \"").append(machine.user()).append("\"\n");
            }
            config.append("  IdentityFile ~/.ssh/").append(machine.key()).append("  # key\n\n");
        }
        config.append("Host *\n  User deploy\n  Port 22\n");
        requireMachines(read(Inventories.SSH_CONFIG, config.toString()), machines, false);
    }

    /** For any machines in an Ansible inventory, as INI and as YAML, the links are these, with their groups as tags. */
    @Property(tries = 200)
    void anAnsibleInventoryGivesItsHosts(@ForAll("machines") List<Machine> machines) throws Exception {
        var ini = new StringBuilder("# hosts\n");
        var yaml = new StringBuilder("---\nall-of-it:\n  vars: {ansible_user: deploy}\n  children:\n");
        for (var group : List.of("web", "db", "edge")) {
            ini.append('[').append(group).append("]\n");
            yaml.append("    ").append(group).append(":\n      hosts:\n");
            for (var machine : machines) {
                if (machine.group().equals(group)) {
                    var isDefault = machine.user().equals("deploy");
                    ini.append(machine.name() + " ansible_host=" + machine.host() + " ansible_port=" + machine.port()
                            + (isDefault ? "" : " ansible_user='" + machine.user() + "'")
                            + " ansible_ssh_private_key_file=\"/keys/" + machine.key() + "\"  # x\n");
                    yaml.append("        " + machine.name() + ": {ansible_host: " + machine.host() + ", ansible_port: "
                            + machine.port() + (isDefault ? "" : ", ansible_user: " + machine.user())
                            + ", ansible_ssh_private_key_file: /keys/" + machine.key() + "}\n");
                }
            }
        }
        ini.append("[all-of-it:children]\nweb\ndb\nedge\n[all-of-it:vars]\nansible_user=deploy\n");
        requireMachines(read(Inventories.ANSIBLE, ini.toString()), machines, true);
        requireMachines(read(Inventories.ANSIBLE, yaml.toString()), machines, true);
    }

    /** For any text at all, an import ends, and what it prints a sync takes. */
    @Property(tries = 500)
    void anyTextIsReadOrRefused(@ForAll Inventories kind, @ForAll("noise") String text) throws Exception {
        try {
            parsed(read(kind, text).yaml());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).{10,}");
        }
    }

    @Provide
    Arbitrary<String> noise() {
        var words = Arbitraries.of(
                "Host ",
                "HostName ",
                "web",
                "*",
                "!a",
                "\n",
                " ",
                "Port 70000",
                "ProxyJump a,b",
                "Include ../x",
                "[web]",
                "[web:children]",
                "[a:vars]",
                "x[01:03]",
                "=",
                "ansible_host=",
                "\"",
                "'",
                "{{ x }}",
                "#",
                "id,host\n",
                "a,b\n",
                ",",
                ":",
                "all:\n",
                "  hosts:\n",
                "    h: ",
                "!vault |\n",
                "&a",
                "*a",
                "- ",
                "{",
                "\u2028",
                "\u0000",
                "é",
                "-o",
                "..");
        return words.list().ofMaxSize(25).map(list -> String.join("", list));
    }

    @Test
    void sshConfigsOddCornersAreWarnedOf() throws Exception {
        Files.writeString(directory.resolve("more.conf"), "Host inner\n  HostName 10.9.9.9\n");
        Files.createDirectories(directory.resolve("conf.d"));
        Files.writeString(directory.resolve("conf.d/a.conf"), "Host deep\n");
        Files.createSymbolicLink(directory.resolve("conf.d/z.conf"), Path.of("/etc/passwd"));
        var config = """
            Include more.conf conf.d/*.conf
            Include /etc/ssh/ssh_config ~/other ../up
            Host jump bastion.example
              User hop
            Host db* !db-old web
              ProxyJump me@jump:2222
            Host db1 db-old
              HostName %h.internal
              HostName second.example
            Host far
              ProxyJump a,jump
            Host lost
              ProxyJump nowhere
            Host "a@c"
            Match exec "rm -rf /"
              User evil
            garbage
            """;
        var imported = read(Inventories.SSH_CONFIG, config, directory.resolve("config"));
        var links = byId(imported);
        assertThat(links.keySet())
                .containsExactlyInAnyOrder(
                        "inner", "deep", "jump", "bastion.example", "web", "db1", "db-old", "far", "lost", "a-c");
        assertThat(links.get("inner").host()).isEqualTo("10.9.9.9");
        assertThat(links.get("db1").host()).isEqualTo("db1.internal");
        assertThat(links.get("db1").proxyJump()).isEqualTo("jump");
        assertThat(links.get("db-old").proxyJump()).isNull();
        assertThat(links.get("jump").user()).isEqualTo("hop");
        assertThat(links.get("web").user()).isEqualTo("root");
        assertThat(links.get("far").proxyJump()).isEqualTo("jump");
        assertThat(links.get("lost").proxyJump()).isNull();
        assertThat(String.join("\n", imported.warnings()))
                .contains(
                        "Include /etc/ssh/ssh_config was ignored",
                        "Include ~/other was ignored",
                        "Include ../up was ignored",
                        "far: goes through a,jump",
                        "lost: goes through nowhere",
                        "Match exec",
                        "'garbage'",
                        "root is assumed");
        assertThat(read(Inventories.SSH_CONFIG, config).warnings())
                .anyMatch(text -> text.contains("Include more.conf"));
        assertThat(read(Inventories.SSH_CONFIG, "Host a\nProxyJump b\nHost b\nProxyJump a\nHost c\n")
                        .warnings())
                .anyMatch(text -> text.contains("left out"));
    }

    @Test
    void ansiblesOddCornersAreWarnedOf() throws Exception {
        var ini = """
            localhost ansible_connection=local
            lone.example:2222
            [web]
            web[01:03].example ansible_user=ops
            node-[a:c:2]
            secret ansible_host="{{ lookup('x') }}" ansible_password=hush
            [web:vars]
            ansible_port=2022
            [prod:children]
            web
            """;
        var links = byId(read(Inventories.ANSIBLE, ini));
        assertThat(links.keySet())
                .containsExactlyInAnyOrder(
                        "lone.example",
                        "web01.example",
                        "web02.example",
                        "web03.example",
                        "node-a",
                        "node-c",
                        "secret");
        assertThat(links.get("lone.example").port()).isEqualTo(2222);
        assertThat(links.get("web02.example").port()).isEqualTo(2022);
        assertThat(links.get("web02.example").tags()).containsExactly("web", "prod");
        assertThat(links.get("secret").host()).isEqualTo("secret");
        assertThat(String.join("\n", read(Inventories.ANSIBLE, ini).warnings()))
                .contains("localhost is left out", "computed by Ansible", "its password was not taken")
                .doesNotContain("hush");
        var yaml = """
            all:
              hosts:
                top: {}
              children:
                web:
                  hosts:
                    web[1:2]:
                      ansible_user: !vault |
                        $ANSIBLE_VAULT;1.1;AES256
                        3661
                  children:
                    inner:
                      hosts: {deep: {ansible_host: 10.0.0.9}}
                  vars: {ansible_port: 2022}
            """;
        var imported = read(Inventories.ANSIBLE, yaml);
        var byId = byId(imported);
        assertThat(byId.keySet()).containsExactlyInAnyOrder("top", "web1", "web2", "deep");
        assertThat(byId.get("deep").port()).isEqualTo(2022);
        assertThat(byId.get("deep").tags()).containsExactly("inner", "web");
        assertThat(byId.get("web1").user()).isEqualTo("root");
        assertThat(imported.warnings()).anyMatch(text -> text.contains("ansible_user is encrypted by ansible-vault"));
        Assertions.assertThrows(IllegalArgumentException.class, () -> read(Inventories.ANSIBLE, "a: [\n"));
        var huge = read(Inventories.ANSIBLE, "[a]\nx[1:999999999]\n");
        assertThat(huge.links()).isLessThanOrEqualTo(20_001);
    }
}
