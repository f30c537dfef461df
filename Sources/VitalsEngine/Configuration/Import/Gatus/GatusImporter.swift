import VitalsCore

/// What an import makes of another program's configuration.
package struct ImportedConfiguration: Sendable, Equatable {
    /// The text of a `vitals.yaml` that the product takes. Holds the secrets that the input held in plain.
    package let yaml: String
    /// What became of each value of the input.
    package let report: ImportReport
}

/// Makes `vitals.yaml` of a configuration of Gatus. Pure: it reads nothing by itself, and puts in no
/// variable.
package struct GatusImporter: Sendable {
    private let reader: ConfigurationReader

    /// - Parameter reader: knows the kinds of check and of channel, and is asked whether it takes what was
    ///   made.
    package init(reader: ConfigurationReader) {
        self.reader = reader
    }

    /// - Parameter files: read as one, as Gatus does: maps are merged, lists joined, and what is neither may
    ///   stand in one of them only.
    /// - Throws: what is no YAML, or is written twice. What is YAML and makes no sense is in the report.
    package func read(_ files: [ConfigurationFile]) throws(ConfigurationError) -> ImportedConfiguration {
        let root = ImportSource(try merged(files))
        guard case .mapping = root.node.content else {
            let message = "holds no keys and values, so that it is no configuration of Gatus"
            throw ConfigurationError([ConfigurationProblem(.file(files.first?.name ?? "gatus"), message)])
        }
        var reading = GatusReading(reader, files: files.map(\.name))
        let (document, report) = reading.read(root)
        let names = files.map(\.name).joined(separator: ", ").prefix(200).filter { !$0.isNewline }
        let head = "# Made by `vitals import gatus` of \(names). What it does not hold is in the report.\n"
        return ImportedConfiguration(yaml: head + YAMLText.write(Self.written(document)), report: report)
    }

    /// With variables and dollars as `vitals.yaml` has them; keys are taken as written there.
    static func written(_ json: JSON) -> JSON {
        switch json {
        case .string(let text): .string(ImportVariables.written(text))
        case .array(let items): .array(items.map(written))
        case .object(let members):
            .object(members.map { JSON.Member(name: $0.name, value: written($0.value)) })
        default: json
        }
    }

    private func merged(_ files: [ConfigurationFile]) throws(ConfigurationError) -> YAMLNode {
        var root: YAMLNode?
        var problems: [ConfigurationProblem] = []
        for (index, file) in files.enumerated() {
            guard let tree = try tree(of: file, index), !tree.isEmpty else { continue }
            guard let before = root else {
                root = tree
                continue
            }
            root = before.merged(with: tree) { entry, first in
                let place = ConfigurationProblem.Place.value(
                    file: file.name, at: entry.keyPosition, path: "")
                let other = "line \(first.keyPosition.line) of \(files[first.keyPosition.file].name)"
                problems.append(
                    ConfigurationProblem(
                        place, "`\(entry.key)` is given on \(other) already; Gatus refuses that as well"))
            }
        }
        guard problems.isEmpty else {
            let most = ConfigurationError.maximumProblems
            throw ConfigurationError(Array(problems.prefix(most)), omitted: max(0, problems.count - most))
        }
        return root ?? YAMLNode(position: TextPosition(line: 1, column: 1), content: .mapping([]))
    }

    private func tree(of file: ConfigurationFile, _ index: Int) throws(ConfigurationError) -> YAMLNode? {
        let size = file.text.utf8.count
        guard size <= ConfigurationFile.maximumSize else {
            throw ConfigurationError([ConfigurationFile.tooLarge(name: file.name, size: size)])
        }
        guard let text = ImportVariables.marked(file.text) else {
            let message = "holds characters that are for private use (U+E000 to U+E002)"
            throw ConfigurationError([ConfigurationProblem(.file(file.name), message)])
        }
        do {
            return try YAMLComposer.compose(text, file: index)
        } catch {
            let place = error.position.map {
                ConfigurationProblem.Place.value(file: file.name, at: $0, path: "")
            }
            throw ConfigurationError([ConfigurationProblem(place ?? .file(file.name), error.message)])
        }
    }
}
