using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>What rounding has changed in the dense columns of training rows.</summary>
static class StorageReport
{
    /// <summary>As a sentence; null where nothing is rounded.</summary>
    public static string? Line(DatasetManifest manifest) => ToJson(manifest) is { } storage
        ? $"{storage.Format}: dense columns of training rows are rounded by {Figures.FinePercent(storage.RootMeanSquare)} of each value (rms), " +
            $"at most {Figures.FinePercent(storage.Largest)}; held-out rows are not"
        : null;

    /// <summary>What is to be said before training, at most one line.</summary>
    /// <param name="asked">The format that was asked for.</param>
    public static IEnumerable<string> Findings(DatasetManifest manifest, DenseFormat asked)
    {
        if (Line(manifest) is { } line) yield return $"storage   {line}";
        else if (asked != DenseFormat.Full)
            yield return $"storage   --storage {Words.Of(asked)} has no effect: no column is held dense, all take less already";
    }

    public static StorageJson? ToJson(DatasetManifest manifest)
    {
        var (layout, rounding) = (manifest.Layout, manifest.Rounding);
        return layout.TrainingFormat == DenseFormat.Full
            ? null
            : new StorageJson(
                Words.Of(layout.TrainingFormat), rounding.RootMeanSquare((double)manifest.TrainingRowCount * layout.DenseCount), rounding.Most);
    }
}

/// <summary>How dense columns of training rows are stored, where they are rounded.</summary>
/// <param name="RootMeanSquare">Of the changes, as shares of the values.</param>
/// <param name="Largest">The largest of them.</param>
sealed record StorageJson(string Format, double RootMeanSquare, double Largest);
