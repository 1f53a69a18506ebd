using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>What the model was trained on: files, columns, classes; no row of it.</summary>
static class DataSection
{
    const int FilesMax = 30;
    const int ColumnsMax = 60;
    const int FindingsMax = 40;
    const int ClassesMax = 30;

    public static Element Of(ReportData data) => new("section", ("id", "data"),
        new Element("h2", "The data"),
        new Element("p", $"{Rows(data.Dataset)}; {Kinds(data.Model.Schema)}. {Majority(data)}"),
        data.Dataset.Files.IsEmpty ? null : Files(data),
        new Element("h3", "Classes"),
        Classes(data),
        Columns(data),
        data.Findings.IsEmpty ? null : Findings(data));

    static string Rows(DatasetFacts dataset)
    {
        var training = Figures.Count(dataset.TrainingRows, "training row", "training rows");
        var held = dataset.ValidationRows == 0 ? "nothing held out"
            : $"{Figures.Count(dataset.ValidationRows, "row", "rows")} held out " +
            $"({Figures.Percent((double)dataset.ValidationRows / (dataset.TrainingRows + dataset.ValidationRows))})";
        return $"{training} in {Figures.Count(dataset.ShardCount, "shard", "shards")}, {held}";
    }

    static string Majority(ReportData data) =>
        $"Majority class: “{data.NameOf(data.Model.MajorityClass)}”, right for {Figures.Percent(data.Judged.MajorityAccuracy)} of the " +
        (data.IsHeldOut ? "rows held out." : "training rows.");

    /// <summary>"3 numbers, 5 categories with 23 levels".</summary>
    static string Kinds(FeatureSchema schema)
    {
        var numbers = schema.Columns.OfType<NumericColumnSchema>().ToList();
        var categories = schema.Columns.OfType<CategoricalColumnSchema>().ToList();
        var marks = numbers.Count(column => column.HasMissingIndicator);
        var levels = categories.Sum(column => column.FeatureCount);
        var indexed = schema.Columns.OfType<IndexedColumnsSchema>().Sum(column => column.FeatureCount);
        string?[] kinds =
        [
            numbers.Count == 0 ? null : Figures.Count(numbers.Count, "number", "numbers"),
            marks == 0 ? null : Figures.Count(marks, "mark of an empty cell", "marks of empty cells"),
            categories.Count == 0 ? null
                : $"{Figures.Count(categories.Count, "category", "categories")} with {Figures.Count(levels, "level", "levels")}",
            indexed == 0 ? null : Figures.Count(indexed, "indexed number", "indexed numbers"),
        ];
        return string.Join(", ", kinds.OfType<string>());
    }

    static Fragment Files(ReportData data)
    {
        var files = data.Dataset.Files;
        return new(
            new Element("h3", "Files"),
            new Table<TableFile>("Input files", files.Take(FilesMax))
                .Name("file", file => file.Name)
                .Cell("SHA-256", file => new Element("td", ("class", "hash"), file.Sha256)),
            Rest(files.Length - FilesMax, $"{data.Run}/dataset.json has all."));
    }

    static Fragment Classes(ReportData data)
    {
        var (weights, factors, shown) = (data.Model.TrainingClassWeights, data.Model.ClassWeights, ShownClasses.Of(data, ClassesMax));
        var (total, heaviest, held) = (weights.Sum(), weights.Max(), data.Result.Validation);
        return new(
            new Table<int>("Weight of each class", shown.Numbers)
                .Name("class", data.NameOf)
                .Number("training", k => Figures.Weight(weights[k]))
                .Number("share", k => Figures.Percent(weights[k] / total))
                .Bar(k => Bar.Of(weights[k] / heaviest))
                .Number("held out", k => held is null ? null : Figures.Weight(held.PerClass[k].Support))
                .Number("class weight", k => factors.IsEmpty ? null : Figures.Value(factors[k])),
            Cells.Note(
                $"Sums of the rows' weights.{(factors.IsEmpty ? "" : " In training each is multiplied by its class weight.")}" +
                shown.Rest("model/model.json")));
    }

    static Element Columns(ReportData data)
    {
        var columns = data.Model.Schema.Columns;
        return Cells.Folded(
            columns.Length == 1 ? "The feature column" : $"The {Figures.Count(columns.Length)} feature columns",
            new Table<ColumnSchema>("Feature columns", columns.Take(ColumnsMax))
                .Name("column", column => column.Name)
                .Words("kind", ModelReport.Kind)
                .Number("features", column => Figures.Count(column.FeatureCount)),
            Rest(columns.Length - ColumnsMax, $"{data.Run}/model/model.json has all."));
    }

    static Element Findings(ReportData data) => Cells.Folded(
        "What was detected or guessed",
        new Element("ul", data.Findings.Take(FindingsMax).Select(finding => new Element("li", Clipped.Line(finding)))),
        Rest(data.Findings.Length - FindingsMax, "they were printed when the run began."));

    static Element? Rest(int leftOut, string where) =>
        leftOut <= 0 ? null : Cells.Note($"{Figures.Count(leftOut)} more are left out: {where}");
}
