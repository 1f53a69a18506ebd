using DistTrain.Data.Schema;
using DistTrain.Formats;
using DistTrain.Formats.Datasets;
using DistTrain.Problems;

namespace DistTrain.Cli.Predictions;

/// <summary>Whether a model can judge a dataset on disk.</summary>
static class DatasetFit
{
    /// <summary>DT4708 for each thing that the model needs and the dataset does not have.</summary>
    public static IEnumerable<Problem> Problems(SavedModel model, string shown, StoredDataset dataset)
    {
        if (!dataset.Classes.Names.SequenceEqual(model.Classes.Names) || !dataset.Classes.Active.SequenceEqual(model.Classes.Active))
        {
            yield return Unfit(shown, $"its classes are {Listed(dataset.Classes)}", $"the model's: {Listed(model.Classes)}");
        }
        var columns = dataset.Schema.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var column in model.Schema.Columns)
        {
            if (!columns.TryGetValue(column.Name, out var found))
                yield return Unfit(shown, $"it has no column \"{column.Name}\"", "the model needs it");
            else if (found.GetType() != column.GetType())
                yield return Unfit(shown, $"its column \"{column.Name}\" is of another kind", "the model needs it as it was in training");
        }
    }

    static string Listed(ClassList classes) => string.Join(", ", classes.Names.Take(10)) + (classes.Count > 10 ? ", …" : "");

    static Problem Unfit(string shown, string what, string expected) => new(
        "DT4708", ExitCode.Input, $"{shown}: {what}", expected, "fix: evaluate the tables that it was prepared from")
    {
        File = shown,
    };
}
