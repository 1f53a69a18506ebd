using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>What is wrong with a row or a cell: DT42xx.</summary>
static class CellProblems
{
    const int TextShownMax = 40;
    static readonly string[] LoneReturn = ["found: a carriage return alone, which ends no line"];

    /// <param name="hasLoneReturn">The row holds a carriage return that ends no line.</param>
    public static Problem RowLength(string file, long line, int found, int expected, bool hasLoneReturn) =>
        At("DT4201", file, line, $"{file}:{line}: the row has {Cells(found)}, the header {expected}",
            [
                .. hasLoneReturn ? LoneReturn : [],
                "expected: as many cells as the header; a cell that holds the delimiter or a line end stands in quotes",
                "fix: mend the row, or --delimiter if the wrong one was detected",
            ]);

    /// <param name="fix">What a user can do; null: the column could be text.</param>
    public static Problem NotANumber(CellPlace place, string column, string text, string? fix) =>
        At("DT4202", place, $"{place}: \"{Shortened(text)}\" in column \"{column}\" is not a number",
            "expected: a number such as 3, -0.5 or 1e-3", fix ?? $"fix: --categorical {column}, if it is text");

    /// <param name="fix">What a user can do; null: the cell could be missing, or the column text.</param>
    public static Problem NotFinite(CellPlace place, string column, string text, string? fix) =>
        At("DT4203", place, $"{place}: {Shortened(text)} in column \"{column}\" is not a finite number",
            "expected: a finite number", fix ?? $"fix: leave the cell empty and pass --missing mean, or --categorical {column}");

    public static Problem TooLarge(CellPlace place, string column, string text) =>
        At("DT4511", place, $"{place}: {Shortened(text)} in column \"{column}\" is too large",
            "expected: a number between -1.7e38 and 1.7e38, the range of float32", "fix: a smaller unit, or --ignore for the column");

    public static Problem Missing(CellPlace place, string column) =>
        At("DT4204", place, $"{place}: the cell in numeric column \"{column}\" is empty",
            "expected: a number", $"fix: --missing mean, or --categorical {column}");

    public static Problem MissingForModel(CellPlace place, string column) =>
        At("DT4204", place, $"{place}: the cell in numeric column \"{column}\" is empty",
            "expected: a number; the column had no empty cell in training",
            "fix: fill the cell, or train with --missing mean on data with an empty cell in that column");

    public static Problem OpenQuote(CellPlace place) =>
        At("DT4205", place, $"{place}: a quote opens here and is never closed",
            "expected: RFC 4180; a quote inside a quoted cell is written twice",
            "fix: close it, or quote the whole cell and write it twice");

    public static Problem TextAfterQuote(CellPlace place, string delimiter) =>
        At("DT4205", place, $"{place}: the cell goes on behind its closing quote",
            $"expected: \"{delimiter}\" or the end of the line; a quote inside a quoted cell is written twice",
            "fix: write the quote before it twice, if it belongs to the cell");

    public static Problem Weight(CellPlace place, string column, string text) =>
        At("DT4206", place, $"{place}: \"{Shortened(text)}\" in weight column \"{column}\" is no weight",
            "expected: a finite number of at least 0", "fix: mend the weight; 0 leaves the row out of training");

    public static Problem NoLabel(CellPlace place, string column) =>
        At("DT4207", place, $"{place}: the label in column \"{column}\" is empty", "expected: a class name",
            "fix: name the class, or leave such rows out");

    public static Problem ReservedCharacter(string file, long line, string delimiter) =>
        At("DT4208", file, line, $"{file}: the text holds the character U+001F, which cannot be read with delimiter \"{delimiter}\"",
            "expected: text without U+001F", "fix: a delimiter of one character");

    static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";

    static string Shortened(string text) => text.Length <= TextShownMax ? text : text[..TextShownMax] + "…";

    static Problem At(string code, CellPlace place, string message, params string[] details) =>
        At(code, place.File, place.Line, message, details);

    static Problem At(string code, string file, long line, string message, params string[] details) =>
        new(code, ExitCode.Input, message, details) { File = file, Line = line };
}
