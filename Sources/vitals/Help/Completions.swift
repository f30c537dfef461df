import ArgumentParser
import VitalsEngine
import VitalsNet

/// What a shell offers where only the kinds of check know.
enum Completions {
    /// How targets begin.
    static let targets = CompletionKind.custom { _, _, prefix in
        forms().flatMap(\.schemes).map { scheme in
            ["dns", "exec"].contains(scheme) ? "\(scheme):" : "\(scheme)://"
        }
        .filter { $0.hasPrefix(prefix) }.sorted()
        // There a colon divides what is offered from what it is.
        .map { CompletionShell.requesting == .zsh ? $0.replacing(":", with: "\\:") : $0 }
    }

    /// The settings of the kind of the target that is written already.
    static let settings = CompletionKind.custom { words, _, prefix in
        let forms = forms()
        let form = words.lazy.compactMap { word in
            forms.first { form in form.schemes.contains { word.lowercased().hasPrefix("\($0):") } }
        }
        .first
        return (form?.fields.dropFirst() ?? []).flatMap { offers(of: $0) }.filter { $0.hasPrefix(prefix) }
    }

    private static func offers(of field: Field) -> [String] {
        switch field.type {
        case .choice(let words): words.map { "\(field.name)=\($0)" }
        case .flag: ["\(field.name)=true", "\(field.name)=false"]
        case .object(let fields): fields.map { "\(field.name).\($0.name)=" }
        case .option(let fields):
            ["\(field.name)=true", "\(field.name)=false"] + fields.map { "\(field.name).\($0.name)=" }
        case .pairs: ["\(field.name)."]
        default: ["\(field.name)="]
        }
    }

    private static func forms() -> [ProbeForm] {
        guard let network = try? Network(version: Product.version, clock: .system) else { return [] }
        // The process ends with the answer; until then its threads must not be without their owner.
        _ = Unmanaged.passRetained(network)
        return network.forms
    }
}
