using DistTrain.Formats.State;

namespace DistTrain.Training.Phases;

/// <summary>Reasons to stop in saved states.</summary>
static class Reasons
{
    const int None = -1;

    public static void Write(this StateWriter state, StoppedBy? reason) => state.Write(reason is { } known ? (int)known : None);

    public static StoppedBy? ReadReason(this StateReader saved) => saved.ReadInt32() switch
    {
        None => null,
        var number when Enum.IsDefined((StoppedBy)number) => (StoppedBy)number,
        var other => throw new InvalidDataException($"the state holds reason {other} to stop, which there is not"),
    };
}
