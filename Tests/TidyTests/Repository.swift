import Foundation

/// The files of this repository.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file of the package but its manifest, ordered by path.
    static let sources: [SourceFile] = ["Sources", "Tests", "Fuzz"].flatMap(paths)
        .filter { $0.hasSuffix(".swift") }
        .map { SourceFile(path: $0, text: text(of: $0)) }

    /// Every page of documentation.
    static let pages: [String] =
        (paths(in: "docs") + paths(in: "Benchmarks") + ["README.md", "ARCHITECTURE.md"])
        .filter { $0.hasSuffix(".md") }

    /// The targets that make the product, by the names of their folders.
    static let targets: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).sorted())
        ?? []

    static func text(of path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func paths(in folder: String) -> [String] {
        let found =
            FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.allObjects ?? []
        return found.compactMap { $0 as? String }.map { "\(folder)/\($0)" }.sorted()
    }
}
