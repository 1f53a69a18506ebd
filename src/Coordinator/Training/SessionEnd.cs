using System.Text.Json;
using DistTrain.Coordinator.Runs;

namespace DistTrain.Coordinator.Training;

/// <summary>How a session came to a result.</summary>
abstract record SessionEnd
{
    SessionEnd()
    {
    }

    /// <summary>It has trained.</summary>
    public sealed record Now(TrainedRun Run) : SessionEnd;

    /// <summary>The run was finished already: before, or by another process while this one waited for its turn.</summary>
    /// <param name="Result">The stored result object.</param>
    public sealed record Before(RunFolder Folder, JsonElement Result) : SessionEnd;
}
