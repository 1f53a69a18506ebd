using System.Security.Cryptography;
using System.Text;

namespace DistTrain.Coordinator.Reports.Markup;

/// <summary>The one style sheet of a page, written as it is: ours, never anybody's text.</summary>
/// <param name="css">Without "&lt;" and "&amp;", which XML would read otherwise than HTML does.</param>
sealed class StyleSheet(string css) : Content
{
    /// <summary>How a content security policy names exactly this sheet, so that no other style is applied.</summary>
    public string PolicySource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'";

    public override void Write(StringBuilder page) => page.Append("\n<style>").Append(css).Append("</style>");
}
