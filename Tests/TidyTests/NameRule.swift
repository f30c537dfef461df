/// A file is named after what it declares, and no name says nothing.
struct NameRule: Rule {
    let name = "names"

    static let empty = ["Placeholder", "Util", "Common", "Manager", "Helper"]
    private static let kinds: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "func",
    ]

    func findings(in file: SourceFile) -> [(line: Int, message: String)] {
        var found: [(line: Int, message: String)] = []
        let declared = declarations(in: file)
        let types = declared.filter { $0.name.first?.isUppercase ?? false }
        for (line, declaration) in types + [(0, file.name)] {
            for word in Self.empty where declaration.contains(word) {
                found.append((line, "\(declaration): `\(word)` says nothing; name what it does"))
            }
        }
        if !isNamedAfterItsContents(file, declared: declared.map(\.name)) {
            found.append((0, "declares no \(file.name); a file is named after a type or function in it"))
        }
        return found
    }

    private func isNamedAfterItsContents(_ file: SourceFile, declared: [String]) -> Bool {
        if let plus = file.name.firstIndex(of: "+") {
            let type = String(file.name[..<plus])
            return file.code.contains { $0.holds(word: "extension") && $0.holds(word: type) }
        }
        if file.isTest, file.name.hasSuffix("Tests") { return true }
        return declared.contains { $0.lowercased() == file.name.lowercased() }
    }

    private func declarations(in file: SourceFile) -> [(line: Int, name: String)] {
        file.code.enumerated().flatMap { index, line -> [(line: Int, name: String)] in
            let words = line.split(whereSeparator: { !$0.isPartOfName }).map(String.init)
            return zip(words, words.dropFirst()).filter { Self.kinds.contains($0.0) && $0.1 != "func" }
                .map { (index + 1, $0.1) }
        }
    }
}
