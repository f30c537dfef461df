/// What is wrong with one text, and what was meant; its reader knows the place.
struct Complaint: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
