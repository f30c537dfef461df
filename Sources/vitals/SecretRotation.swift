import VitalsEngine
import VitalsNet

/// From one key to another, so that a server can begin after an end at any point: the new key lies beside
/// those before until all is sealed by it.
struct SecretRotation {
    let folder: String
    let environment: [String: String]
    let store: any Store

    /// - Returns: how many parts were sealed anew.
    func run() async throws -> Int {
        let given = environment["SECRET_KEY"].flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        let previous = environment["SECRET_KEY_PREVIOUS"].flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        let path = SecretKey.path(in: folder)
        let kept = try SecretKey.kept(at: path)
        let new = given ?? RevisionKey.random()
        let sealed = SealedText(secret: new, earlier: [previous].compactMap(\.self) + kept)
        // Before anything is written: with a key missing nothing changes.
        var batch = Batch()
        batch.resources = try await store.resources().map { resource in
            let text = try sealed.open(resource.body)
            return ResourceChange(
                StoredResource(key: resource.key, body: sealed.seal(text), version: resource.version))
        }
        if given == nil { try SecretKey.keep([new] + kept.prefix(SecretKey.mostKept - 1), at: path) }
        try await store.record(batch)
        if given == nil { try SecretKey.keep([new], at: path) }
        return batch.resources.count
    }
}
