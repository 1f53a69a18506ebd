using DistTrain.Data.Tables.Delimited;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>What is wrong with a file of named numbers: DT46xx.</summary>
static class NamedNumberProblems
{
    public static Problem Header(string file, string expected) =>
        new("DT4601", ExitCode.Input, $"{file}:1: the header is not that of two columns, names and numbers", $"expected: {expected}",
            $"fix: make {expected} the first line")
        {
            File = file,
            Line = 1,
        };

    public static Problem Number(CellPlace place, string text) =>
        At("DT4602", place, $"{place}: \"{text}\" is no number of at least 0",
            "expected: a finite number of at least 0, such as 0, 0.5 or 2");

    public static Problem Twice(CellPlace place, string name, long firstLine) =>
        At("DT4603", place, $"{place}: \"{name}\" has a number already, in line {firstLine}", "expected: each name once");

    static Problem At(string code, CellPlace place, string message, params string[] details) =>
        new(code, ExitCode.Input, message, details) { File = place.File, Line = place.Line };
}
