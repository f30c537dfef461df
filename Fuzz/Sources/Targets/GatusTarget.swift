import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A configuration of Gatus, which is imported: whatever comes of it is a configuration that is taken.
    static let gatus = FuzzTarget(name: "gatus", feed: GatusTarget.feed)
}

private enum GatusTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let imported: ImportedConfiguration
        do {
            imported = try GatusImporter(reader: reader).read([
                try ConfigurationFile(name: "gatus.yaml", bytes: bytes)
            ])
        } catch {
            return try promise(!error.problems.isEmpty, "refused without a reason")
        }
        for entry in imported.report.entries {
            try promise(
                entry.fate == .carried || !entry.messages.isEmpty, "\(entry.path) is \(entry.fate.rawValue)")
            for text in entry.messages + [entry.path] {
                try promise(!text.contains { $0.isNewline || $0 == "\u{1B}" }, "more than a line: \(text)")
                try promise(text.utf8.count < 8_192, "\(text.utf8.count) bytes")
            }
        }
        // What a variable stands for may make it another.
        guard !imported.yaml.contains("${") else { return }
        let file = ConfigurationFile(name: "vitals.yaml", text: imported.yaml)
        do {
            _ = try reader.read(files: [file], environment: [:], flags: ConfigurationFlags())
        } catch {
            throw BrokenPromise(description: "is not taken: \(error)\n\(imported.yaml)")
        }
    }

    /// With the product's own kinds, none of which is ever started.
    private static let reader: ConfigurationReader = {
        let clock = MachineClock(wall: { Timestamp(microseconds: 0) }, boot: { 0 })
        guard let network = try? Network(version: "0", clock: clock) else {
            preconditionFailure("no threads")
        }
        // Its threads must not be without their owner.
        _ = Unmanaged.passRetained(network)
        return ConfigurationReader(forms: network.forms, channelForms: network.channelForms) { Revision($0) }
    }()
}
