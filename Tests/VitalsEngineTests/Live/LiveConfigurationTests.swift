import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("The configuration of a running node")
struct LiveConfigurationTests {
    private static func system(_ id: String, port: Int = 80) -> String {
        "  - { id: \(id), checks: [{ id: port, tcp: '127.0.0.1:\(port)', interval: 10s }] }\n"
    }

    @Test("follows its file: what is new runs, what is gone is gone")
    func follows() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        rig.write("systems:\n" + Self.system("shop") + Self.system("blog"))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        rig.write("systems:\n" + Self.system("blog"))
        #expect(rig.run(until: { rig.state(of: "shop.port") == nil }))
        #expect(rig.state(of: "blog.port") == .healthy)
        #expect(rig.live.status.problems == [])
    }

    @Test("a file that is wrong changes nothing and is told, until it is mended")
    func wrong() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        rig.write("systems:\n  - { id: shop, chekcs: [] }\n")
        #expect(rig.run(until: { !rig.live.status.problems.isEmpty }))
        #expect(rig.live.status.problems.first?.description.hasPrefix("vitals.yaml:2:17:") == true)
        #expect(rig.state(of: "shop.port") == .healthy)
        rig.write("systems:\n" + Self.system("shop") + Self.system("blog"))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        #expect(rig.live.status.problems == [])
    }

    @Test("while the file is wrong, what is asked for by hand goes on")
    func editedBesideAWrongFile() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        rig.write("systems: [{ chekcs: [] }]")
        #expect(rig.run(until: { !rig.live.status.problems.isEmpty }))
        let outcome = rig.edit { (stored) throws(EditRefusal) in
            stored.put(ResourceKey(.override, "shop.port"), ["enabled": false])
        }
        guard case .done? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(rig.enabled("shop.port") == false)
    }

    @Test("a file that changes while the store fails comes into force once it can be recorded")
    func later() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        rig.store.fail([.record])
        rig.write("systems:\n" + Self.system("shop") + Self.system("blog"))
        rig.loop.run(for: .seconds(20))
        #expect(rig.state(of: "blog.port") == nil)
        rig.store.recover()
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
    }

    @Test("what is asked for is in force, sealed in the store, and there after a restart")
    func edited() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        let body: JSON = [
            "id": "blog", "checks": [["id": "port", "tcp": "127.0.0.1:81", "interval": "10s"]],
        ]
        let key = ResourceKey(.system, "blog")
        let outcome = rig.edit { (stored: inout StoredConfiguration) throws(EditRefusal) in
            try stored.requireFree(key)
            stored.put(key, body)
        }
        guard case .done(let configuration)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(configuration.origins[key] == .store(version: 1))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        #expect(try await rig.memory.resources().map(\.body) == ["sealed " + body.text])
        #expect(rig.live.stored[key]?.version == 1)
    }

    @Test("what cannot be is refused, and nothing changes")
    func refused() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        let shop = ResourceKey(.system, "shop")
        func refusal(_ edit: @escaping LiveConfiguration.Edit) -> EditRefusal? {
            guard case .refused(let refusal)? = rig.edit(edit) else { return nil }
            return refusal
        }
        #expect(refusal { (stored) throws(EditRefusal) in try stored.requireFree(shop) } == .taken)
        #expect(
            refusal { (stored) throws(EditRefusal) in try stored.requireStored(shop) }
                == .managedByFile("vitals.yaml"))
        #expect(
            refusal { (stored) throws(EditRefusal) in
                try stored.requireStored(ResourceKey(.system, "none"))
            } == .unknown)
        let wrong = rig.edit { (stored) throws(EditRefusal) in
            stored.put(ResourceKey(.system, "a"), ["id": "a", "checks": [["id": "b", "tcp": "c"]]])
        }
        guard case .invalid(let error)? = wrong else {
            Issue.record("\(String(describing: wrong))")
            return
        }
        #expect(error.description == "checks[0].tcp: has no port")
        rig.store.fail([.record])
        let lost = rig.edit { (stored) throws(EditRefusal) in
            stored.put(ResourceKey(.system, "a"), ["id": "a"])
        }
        guard case .notRecorded? = lost else {
            Issue.record("\(String(describing: lost))")
            return
        }
        rig.store.recover()
        #expect(try await rig.memory.resources() == [])
        #expect(rig.live.stored[ResourceKey(.system, "a")] == nil)
    }

    @Test("what was switched off by hand stays so, whatever the file says")
    func switched() async throws {
        let rig = try await LiveRig("systems:\n" + Self.system("shop"))
        _ = rig.edit { (stored) throws(EditRefusal) in
            stored.put(ResourceKey(.override, "shop.port"), ["enabled": false])
        }
        #expect(rig.enabled("shop.port") == false)
        rig.write("systems:\n" + Self.system("shop") + Self.system("blog"))
        #expect(rig.run(until: { rig.state(of: "blog.port") == .healthy }))
        #expect(rig.enabled("shop.port") == false)
        _ = rig.edit { (stored) throws(EditRefusal) in stored.remove(ResourceKey(.override, "shop.port")) }
        #expect(rig.run(until: { rig.state(of: "shop.port") == .healthy }))
    }
}
