import VitalsCore
import VitalsEngine

/// What must follow from a batch's runs, by the auditor's reckoning.
struct Expected {
    /// What happened to a health check and may be told.
    struct Happening {
        let place: Int
        let kind: NoticeKind
        let at: Timestamp
    }

    var transitions: [Transition] = []
    var opened: [OpenedEpisode] = []
    var ended: [EndedEpisode] = []
    var happenings: [Happening] = []
}
