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

    /// - Parameter kept: resources that the store has from before, opened.
    init(_ text: String, kept: [StoredResource] = []) async throws {
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
            ConfigurationReader(forms: [tcp], channelForms: [Self.desk(loop)]) { Revision($0) },
            files: { () throws(ConfigurationError) in
                [ConfigurationFile(name: "vitals.yaml", text: file.value ?? "")]
            },
            fingerprint: { file.value ?? "" }, environment: { _ in [:] }, flags: ConfigurationFlags(),
            sealer: Sealer(seal: { "sealed " + $0 }, open: { String($0.dropFirst(7)) }))
        let files = try sources.files()
        let read = try sources.read(files, kept)
        var configuration = read.configuration
        configuration.server.maxConcurrentHealthChecks = 100
        store = FaultyStore(memory)
        node = try await Node(
            configuration, store: store, resources: sources.changes(from: kept, to: read.stored), on: loop,
            clock: loop.clock.machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, version: "0")
        live = LiveConfiguration(node, sources, files: files, stored: read.stored, on: loop)
        self.loop = loop
        self.file = file
        let (stopped, _) = AsyncStream.makeStream(of: Never.self)
        Task(executorPreference: loop) { [node] in await node.work(until: stopped) }
        Task(executorPreference: loop) { [live] in await live.work() }
        loop.settle()
        _ = run { self.state(of: "shop.port") == .healthy }
    }

    private static func desk(_ loop: ManualLoop) -> ChannelForm {
        ChannelForm(kind: "desk", fields: [Field("name", .text(upTo: 63), "whose")]) { id, _ in
            RecordingChannel(id.text, on: loop)
        }
    }

    func bindings(of id: String) -> [String]? {
        node.board.healthCheck(HealthCheckID(id), at: node.now())?.healthCheck.bindings.filter(\.isEnabled)
            .map(\.channel.text)
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
