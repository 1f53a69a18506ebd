using System.Diagnostics;
using DistTrain.Coordinator.Reports;

namespace DistTrain.Cli.Tests.Reports;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("data/ratings.csv", "data/ratings.csv")]
    [InlineData("sample:preferences,rows=10", "sample:preferences,rows=10")]
    [InlineData("my ratings.csv", "'my ratings.csv'")]
    [InlineData("*.csv", "'*.csv'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME `x` \\ \"y\" ~ # !", "'$HOME `x` \\ \"y\" ~ # !'")]
    [InlineData("", "''")]
    [InlineData("Größe", "'Größe'")]
    [InlineData("\t", "$'\\t'")]
    [InlineData("a'\n\\\u0001", "$'a\\'\\n\\\\\\u0001'")]
    public void A_word_is_quoted_where_a_shell_would_read_something_into_it(string word, string quoted) =>
        Assert.Equal(quoted, ShellWords.Quote(word));

    [Fact]
    public void A_shell_gives_the_words_back()
    {
        string[] words = ["my ratings.csv", "it's", "$HOME", "`id`", "a\\b", "\"", "", "*", "-x", "~", "x;y&z|w>v<u(t)", "Größe", "''", "!!"];
        if (!File.Exists("/bin/sh")) return;

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\n' {ShellWords.Join(words)}"]) { RedirectStandardOutput = true })!;
        var printed = shell.StandardOutput.ReadToEnd();

        Assert.Equal(string.Concat(words.Select(word => word + "\n")), printed);
    }
}
