using System.Globalization;
using DistTrain.Training;

namespace DistTrain.Node.CommandLine;

/// <summary>--checkpoint-every: a length of time, or a number of steps such as 50steps.</summary>
static class CheckpointEvery
{
    /// <summary>For messages.</summary>
    public const string Expected = $"a duration, such as {DurationText.Examples}, or a number of steps, such as 50steps";

    const string Steps = "steps";

    /// <summary>Null where the text is neither. The plan's faults are judged with the others later.</summary>
    public static CheckpointPlan? Parse(string text)
    {
        if (text.EndsWith(Steps, StringComparison.Ordinal))
        {
            return int.TryParse(text[..^Steps.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
                ? new CheckpointPlan { Interval = null, Steps = steps }
                : null;
        }
        return DurationText.Parse(text) is { } interval ? new CheckpointPlan { Interval = interval } : null;
    }
}
