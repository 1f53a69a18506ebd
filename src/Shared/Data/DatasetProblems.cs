using System.Globalization;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>What can be wrong with tables that are to become a dataset; each message has its one home here: DT45xx.</summary>
static class DatasetProblems
{
    const int NamesShown = 10;
    const int TextsShown = 3;

    public static Problem NoRows(Table table) =>
        Input("DT4501", $"{NameOf(table)} has no rows", "expected: at least one row to train on");

    public static Problem NothingToTrainOn(double validationFraction) =>
        Input("DT4502", "no row is left to train on",
            $"the share held out for validation is {Text(validationFraction)}", "fix: --validation 0, or more rows");

    public static Problem NoLabels(Table table) =>
        Input("DT4503", $"{NameOf(table)} has no labels", "expected: a label for each row", "fix: --label NAME");

    public static Problem NoFeatures(Table table) =>
        Input("DT4504", $"{NameOf(table)} has no features", "expected: at least one column beside label and weight");

    public static Problem UndeclaredClass(Table table, int row, string label, IReadOnlyCollection<string> declared) =>
        OtherLabel(table, row, label, declared, areOfModel: false);

    public static Problem UnknownClass(Table table, int row, string label, IReadOnlyCollection<string> known) =>
        OtherLabel(table, row, label, known, areOfModel: true);

    /// <param name="row">The first with one label too many; below 0 where that is in the validation table.</param>
    public static Problem TooManyClasses(Table table, int row, string label, int count, int max) =>
        (row < 0 ? Input("DT4507", $"{NameOf(table)}: {TooMany(label, count, max)}")
            : At(table, row, "DT4507", TooMany(label, count, max))) with
        {
            Details = ["an identifier, or a number?", "fix: --label NAME, or --max-classes N if they are classes"],
        };

    static string TooMany(string label, int count, int max) =>
        $"label \"{label}\" has {Text(count)} different values, more than {Text(max)}";

    /// <param name="othersAreHeldOut">Rows of other classes were taken for validation.</param>
    public static Problem TooFewClasses(Table table, string label, IReadOnlyList<string> trained, bool othersAreHeldOut) =>
        Input("DT4508",
            trained.Count == 0
                ? $"{NameOf(table)}: no training row has a weight above 0"
                : $"{NameOf(table)}: all training rows with weight have the label \"{trained[0]}\"{InColumn(table, label)}",
            "expected: at least 2 classes to tell apart",
            othersAreHeldOut ? "fix: --validation 0: the rows held out have other labels"
            : trained.Count == 0 ? "fix: weights above 0, or leave --weight away"
            : $"fix: add rows of another class{(IsLibsvm(table) ? "" : ", or --label NAME")}");

    public static Problem MostlyDistinct(Table table, IReadOnlyList<TextColumn> columns) =>
        Input("DT4509",
            $"{NameOf(table)}: {string.Join(", ", columns.Select(c => $"\"{c.Name}\" has {Text(c.Dictionary.Length)} different texts"))}"
            + $" in {Text(table.RowCount)} rows",
            $"found: {string.Join(", ", columns[0].Dictionary.Take(TextsShown).Select(text => $"\"{text}\""))}, … in \"{columns[0].Name}\"",
            "a text that is different in over half of the rows says nothing about new rows",
            $"fix: --ignore {string.Join(',', columns.Select(column => column.Name))}");

    public static Problem MissingCell(Table table, int row, string column) =>
        At(table, row, "DT4510", $"{column} is empty",
            "expected: a number; the model knows no empty cell in this column",
            "fix: fill the cell, or train with --missing mean on data with an empty cell in that column");

    public static Problem TooLarge(Table table, int row, string column, double found) =>
        At(table, row, "DT4511", $"{column} is {Text(found)}", "expected: a number between -1.7e38 and 1.7e38, the range of float32",
            "fix: a smaller unit, or --ignore for the column");

    public static Problem ColumnNotFound(Table table, string column) =>
        Input("DT4512", $"column \"{column}\", which the model was trained with, is not in {NameOf(table)}",
            $"columns: {Some(table.Columns.Select(c => c.Name))}", DidYouMean(column, table.Columns.Select(c => c.Name)));

    /// <summary>
    /// A number where the model knows a category, or the other way round; with the first cell at fault where there is one.
    /// </summary>
    public static Problem OtherKind(Table table, ColumnSchema expected, TableColumn found) => (expected, found) switch
    {
        (NumericColumnSchema, TextColumn text) when FirstNonNumber(text) is var row and >= 0 =>
            At(table, row, "DT4513", $"{text.Name} is \"{text.Dictionary[text.Codes[row]]}\"", "expected: a number, as in training"),
        (NumericColumnSchema, TextColumn) =>
            Input("DT4513", $"{NameOf(table)}: column \"{expected.Name}\" was read as text",
                $"fix: --numeric {expected.Name}, as in training"),
        (CategoricalColumnSchema, NumericColumn) =>
            Input("DT4513", $"{NameOf(table)}: column \"{expected.Name}\" was read as numbers",
                $"fix: --categorical {expected.Name}, as in training"),
        _ => Input("DT4513", $"{NameOf(table)}: column \"{expected.Name}\" is of another kind than in training",
            "expected: the format that the model was trained with"),
    };

    public static Problem OtherIndexBase(Table table, int expected, int found) =>
        Input("DT4514", $"{NameOf(table)} was read with indices from {found}, but the model counts from {expected}",
            $"fix: --index-base {expected}");

    public static Problem TooManyFolds(int foldCount, int rowCount) =>
        new("DT3504", ExitCode.Configuration, $"--folds is {Text(foldCount)}, but there are {Text(rowCount)} training rows",
            $"expected: at most {Text(rowCount)}, so that no fold is empty");

    /// <param name="rowCount">Training rows of the class; a single one lies in one fold whatever the seed.</param>
    public static Problem ClassInOneFold(string name, int rowCount, int fold, int foldCount) =>
        new("DT3505", ExitCode.Configuration, $"all training rows of class \"{name}\" fall into fold {Text(fold + 1)} of {Text(foldCount)}",
            "expected: rows of each class outside of every fold, for its training",
            $"fix: {(rowCount > 1 ? "another --seed, " : "")}more rows of the class, or none: --classes without it and --bad-rows skip");

    public static Problem FoldWithoutWeight(int fold, int foldCount) =>
        new("DT3506", ExitCode.Configuration, $"no row of fold {Text(fold + 1)} of {Text(foldCount)} has a weight above 0",
            "expected: rows to judge by in every fold", "fix: fewer folds, or another --seed");

    static Problem OtherLabel(Table table, int row, string label, IReadOnlyCollection<string> names, bool areOfModel) =>
        new LabelRule([.. names], areOfModel).ProblemOf(label, table.PlaceOf(row), FileOf(table, row), table.Lines[row]);

    /// <summary>" (column …)"; nothing for LIBSVM, which has no columns.</summary>
    static string InColumn(Table table, string name) => IsLibsvm(table) ? "" : $" (column \"{name}\")";

    static bool IsLibsvm(Table table) => table.Form?.Format == TableFormat.Libsvm;

    static string FileOf(Table table, int row) => table.Files.Last(file => file.FirstRow <= row).Name;

    static int FirstNonNumber(TextColumn text) =>
        Array.FindIndex(text.Codes, code => NameOrder.NumberOf(text.Dictionary[code]) is null);

    static Problem Input(string code, string message, params string?[] details) =>
        new(code, ExitCode.Input, message, [.. details.OfType<string>()]);

    static Problem At(Table table, int row, string code, string message, params string?[] details) =>
        Input(code, $"{table.PlaceOf(row)}: {message}", details) with
        {
            File = FileOf(table, row),
            Line = table.Lines[row],
        };

    static string NameOf(Table table) => table.Files.IsEmpty ? "the input" : table.Files[0].Name;

    static string Some(IEnumerable<string> names)
    {
        var listed = names.ToList();
        return string.Join(", ", listed.Take(NamesShown)) + (listed.Count > NamesShown ? $", … ({Text(listed.Count)})" : "");
    }

    /// <summary>Very short names are all near to each other; nothing is suggested for them.</summary>
    static string? DidYouMean(string unknown, IEnumerable<string> known) =>
        unknown.Length > 2 && Suggestion.For(unknown, known) is { } near ? $"did you mean \"{near}\"?" : null;

    static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
