import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What was chosen by hand, whoever wrote the rest")
struct OverrideTests {
    private static let channels = """
        channels: [{ id: ops, default: true, desk: a }, { id: mail, default: true, desk: b }]

        """

    private static func file(_ systems: String = "shop", more: String = "") -> String {
        let items = systems.split(separator: " ").map {
            "  - { id: \($0), checks: [{ id: port, tcp: '127.0.0.1:80', interval: 10s }] }\n"
        }
        return channels + "systems:\n" + items.joined() + more
    }

    private func choose(_ rig: LiveRig, _ id: String, _ choice: NotificationChoice) {
        let outcome = rig.edit { (stored) throws(EditRefusal) in stored.override(id, choice.members) }
        guard case .done? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
    }

    @Test(
        "who removed all bindings has none after a reload and a restart, but a later channel is bound (S57)")
    func removedBindings() async throws {
        let rig = try await LiveRig(Self.file())
        #expect(rig.bindings(of: "shop.port") == ["ops", "mail"])
        choose(rig, "shop.port", NotificationChoice([], without: [ChannelID("ops"), ChannelID("mail")]))
        #expect(rig.bindings(of: "shop.port") == [])
        rig.write(Self.file("shop blog"))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        #expect(rig.bindings(of: "shop.port") == [])
        let kept = try await rig.memory.resources().map { resource in
            StoredResource(
                key: resource.key, body: String(resource.body.dropFirst(7)), version: resource.version)
        }
        let again = try await LiveRig(
            Self.file().replacing("id: mail", with: "id: mail2"), kept: kept)
        #expect(again.bindings(of: "shop.port") == ["mail2"])
    }

    @Test("what is chosen goes along with a health check that is renamed, in the file too")
    func renamed() async throws {
        let rig = try await LiveRig(Self.file())
        choose(
            rig, "shop.port", NotificationChoice([Binding(ChannelID("ops"))], without: [ChannelID("mail")]))
        rig.write(Self.file().replacing("id: shop,", with: "id: store, renamed_from: shop,"))
        #expect(rig.run(until: { rig.state(of: "store.port") != nil }))
        #expect(rig.state(of: "store.port") == .healthy)
        #expect(rig.bindings(of: "store.port") == ["ops"])
        rig.write(Self.file("store"))
        rig.loop.run(for: .seconds(10))
        #expect(rig.bindings(of: "store.port") == ["ops"])
        let keys = try await rig.memory.resources().map(\.key)
        #expect(keys == [ResourceKey(.override, "store.port")])
    }

    @Test("a paused check runs nowhere until it is resumed, whatever its file says")
    func paused() async throws {
        let more = "checks: [{ id: ping, tcp: '127.0.0.1:81', interval: 10s, systems: '*' }]\n"
        let rig = try await LiveRig(Self.file(more: more))
        #expect(rig.run(until: { rig.state(of: "shop.ping") == .healthy }))
        for (isPaused, state) in [(true, VitalsCore.State.unknown), (false, VitalsCore.State.healthy)] {
            _ = rig.edit { (stored) throws(EditRefusal) in
                stored.override("ping", [("paused", .bool(isPaused))])
            }
            #expect(rig.run(until: { rig.enabled("shop.ping") == !isPaused }))
            #expect(rig.run(until: { rig.state(of: "shop.ping") == state }))
            #expect(rig.state(of: "shop.port") == .healthy)
        }
        _ = rig.edit { (stored) throws(EditRefusal) in stored.override("ping", [("paused", true)]) }
        rig.write(Self.file("shop blog", more: more))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        #expect(rig.enabled("blog.ping") == false)
    }

    @Test("a stored system with a connection gets its check at the start, recorded once (S3)")
    func connections() async throws {
        let kept = (1...3).map { number in
            StoredResource(
                key: ResourceKey(.system, "s\(number)"),
                body: #"{"id":"s\#(number)","connection":"tcp://127.0.0.1:\#(number)"}"#, version: 1)
        }
        let rig = try await LiveRig(Self.file(), kept: kept)
        #expect(rig.run(until: { rig.state(of: "s3.connection") == .healthy }))
        let recorded = try await rig.memory.resources().map { String($0.body.dropFirst(7)) }
        #expect(recorded.count == 3)
        #expect(recorded.allSatisfy { $0.contains("checks") && !$0.contains(#""connection":"#) })
        let again = try await LiveRig(
            Self.file(),
            kept: recorded.enumerated().map { index, body in
                StoredResource(key: ResourceKey(.system, "s\(index + 1)"), body: body, version: 2)
            })
        #expect(again.run(until: { again.state(of: "s3.connection") == .healthy }))
        #expect(try await again.memory.resources().isEmpty)
        #expect(again.node.inForce.healthChecks.count == 4)
    }

    @Test(
        "whom a health check notifies is what was chosen, and what was configured beside it",
        arguments: [
            ([], [], ["a", "b"], ["a", "b"]), ([], ["a"], ["a", "b"], ["b"]), (["c"], [], ["a"], ["c", "a"]),
            (["a"], ["b"], ["a", "b"], ["a"]), (["gone"], [], ["a"], ["a"]),
            ([], ["a", "b"], ["a", "b"], []),
        ] as [([String], [String], [String], [String])])
    func applied(chosen: [String], without: [String], configured: [String], expected: [String]) {
        let choice = NotificationChoice(
            chosen.map { Binding(ChannelID($0)) }, without: Set(without.map { ChannelID($0) }))
        let found = choice.applied(
            to: configured.map { Binding(ChannelID($0)) }, Set(["a", "b", "c"].map { ChannelID($0) }))
        #expect(found.map(\.channel.text) == expected)
        let body = JSON(members: choice.members.map { ($0.name, $0.value) })
        #expect(NotificationChoice(stored: body) == choice)
    }
}
