using DistTrain.Data.Schema;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>A model in words and tables.</summary>
static class ModelReport
{
    const int TopFeatures = 5;
    const int ClassesMax = 12;
    const int ColumnsMax = 40;

    public static void Write(TextWriter output, SavedModel model)
    {
        var origin = model.Origin;
        output.WriteTopic(
            "model", $"{Words.Of(origin.Optimizer)}, {PenaltyOf(origin)}, seed {origin.Seed}, by DistTrain {origin.ProductVersion}");
        output.WriteTopic(
            "shape", $"{Figures.Count(model.Classes.Count)} classes, {Figures.Count(model.Schema.FeatureCount, "feature", "features")}");
        output.WriteTopic("sha256", model.ParametersSha256);
        if (model.Temperature is { } temperature) output.WriteTopic("calibrate", CalibrationLine(temperature));
        if (model.Input.Label is { } label) output.WriteTopic("label", label);
        if (model.Input.Weight is { } weight) output.WriteTopic("weight", weight);
        if (origin.Synthetic is { } sample) output.WriteTopic("synthetic", TrainingReport.Synthetic(sample));
        output.WriteLine();
        WriteColumns(output, model.Schema);
        output.WriteLine();
        WriteClasses(output, model);
    }

    static string PenaltyOf(ModelOrigin origin) => string.Join(", ",
    [
        $"l2 {Figures.Penalty(origin.L2)}",
        .. (string[])(origin.L1 > 0 ? [$"l1 {Figures.Penalty(origin.L1)}"] : []),
        .. (string[])(origin.IsStandardized ? ["standardized"] : []),
        .. (string[])(origin.HasPenaltyFactors ? ["factors by feature"] : []),
    ]);

    /// <summary>What stands wherever a calibrated model speaks.</summary>
    public static string CalibrationLine(double temperature) => $"probabilities at temperature {Figures.Value(temperature)}";

    /// <summary>The columns of a schema, the first of very many.</summary>
    public static void WriteColumns(TextWriter output, FeatureSchema schema)
    {
        var table = new TextTable("column", "kind", "features");
        foreach (var column in schema.Columns.Take(ColumnsMax)) table.Add(column.Name, Kind(column), Figures.Count(column.FeatureCount));
        table.Write(output);
        if (schema.Columns.Length > ColumnsMax) output.WriteLine($"and {Figures.Count(schema.Columns.Length - ColumnsMax)} more");
    }

    /// <summary>The kind of a column in words.</summary>
    public static string Kind(ColumnSchema column) => column switch
    {
        NumericColumnSchema { HasMissingIndicator: true } => "number, may be missing",
        NumericColumnSchema => "number",
        CategoricalColumnSchema => "category",
        _ => "indexed numbers",
    };

    /// <summary>Each class with its share of the training weight and the features that speak most for it.</summary>
    static void WriteClasses(TextWriter output, SavedModel model)
    {
        var names = FeatureNames(model.Schema);
        var total = model.TrainingClassWeights.Sum();
        foreach (var k in Enumerable.Range(0, Math.Min(ClassesMax, model.Classes.Count)))
        {
            var share = Figures.Share(model.TrainingClassWeights[k] / total);
            var factor = model.ClassWeights.IsEmpty ? "" : $", class weight {Figures.Value(model.ClassWeights[k])}";
            output.WriteLine($"class {model.Classes.Names[k]}   {share} of the training weight{factor}");
            if (!model.Classes.Active.Contains(k)) continue;
            var weights = new ArraySegment<double>(model.Weights, k * names.Length, names.Length);
            var nonzero = Enumerable.Range(0, names.Length).Where(d => weights[d] != 0)
                .OrderByDescending(d => Math.Abs(weights[d])).ToList();
            foreach (var d in nonzero.Take(TopFeatures)) output.WriteLine($"  {Figures.Value(weights[d]),12}  {names[d]}");
            if (nonzero.Count == 0) output.WriteLine("  all weights are 0");
        }
        if (model.Classes.Count > ClassesMax) output.WriteLine($"and {Figures.Count(model.Classes.Count - ClassesMax)} more classes");
    }

    static string[] FeatureNames(FeatureSchema schema) =>
        [.. schema.Columns.SelectMany(column => Enumerable.Range(0, column.FeatureCount).Select(column.FeatureName))];
}
