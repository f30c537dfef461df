import Logging
import Synchronization
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// A node on virtual time whose configuration is one file and what a store in memory keeps; every target
/// answers.
final class LiveRig: Sendable {
    let loop: ManualLoop
    let memory = MemoryStore()
    let store: FaultyStore
    let node: Node
    let live: LiveConfiguration
    private let file: Box<String>

    init(_ text: String) async throws {
        let loop = ManualLoop(ManualClock())
        let file = Box<String>()
        file.value = text
        let tcp = ProbeForm(
            kind: ProbeKind("tcp", isDatabase: false), schemes: ["tcp"],
            fields: [Field("address", .target, isRequired: true, "host:port")]
        ) { settings throws(TargetError) in
            let address = settings.text("address") ?? ""
            guard address.contains(":") else { throw TargetError("has no port") }
            return ScriptedProbe(address, on: loop)
        }
        let sources = ConfigurationSources(
            ConfigurationReader(forms: [tcp], channelForms: []) { Revision($0) },
            files: { () throws(ConfigurationError) in
                [ConfigurationFile(name: "vitals.yaml", text: file.value ?? "")]
            },
            fingerprint: { file.value ?? "" }, environment: [:], flags: ConfigurationFlags(),
            sealer: Sealer(seal: { "sealed " + $0 }, open: { String($0.dropFirst(7)) }))
        let files = try sources.files()
        var configuration = try sources.read(files, []).configuration
        configuration.server.maxConcurrentHealthChecks = 100
        store = FaultyStore(memory)
        node = try await Node(
            configuration, store: store, on: loop, clock: loop.clock.machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, version: "0")
        live = LiveConfiguration(node, sources, files: files, stored: [], on: loop)
        self.loop = loop
        self.file = file
        let (stopped, _) = AsyncStream.makeStream(of: Never.self)
        Task(executorPreference: loop) { [node] in await node.work(until: stopped) }
        Task(executorPreference: loop) { [live] in await live.work() }
        loop.settle()
        _ = run { self.state(of: "shop.port") == .healthy }
    }

    /// The file is another from now on.
    func write(_ text: String) { file.value = text }

    func run(until isSo: () -> Bool) -> Bool { loop.run(within: .seconds(60), until: isSo) }

    func state(of id: String) -> State? {
        node.board.healthCheck(HealthCheckID(id), at: node.now())?.evaluation.state
    }

    func enabled(_ id: String) -> Bool? {
        node.board.healthCheck(HealthCheckID(id), at: node.now())?.healthCheck.isEnabled
    }

    func edit(_ body: @escaping LiveConfiguration.Edit) -> LiveConfiguration.EditOutcome? {
        let answer = Box<LiveConfiguration.EditOutcome>()
        Task(executorPreference: loop) { [live] in answer.value = await live.edit(body) }
        loop.settle()
        _ = loop.run(within: .seconds(30)) { answer.value != nil }
        return answer.value
    }
}
